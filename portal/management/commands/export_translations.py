"""Write the texts to translate into one language as XLIFF 2.0, drafts included."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from portal.desk import content
from portal.exchange import STATES, export
from portal.languages import codes


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("language", choices=codes(), help="The language to translate into.")
        parser.add_argument("--source", choices=codes(), help="Texts first written in it; the site's first other one.")
        parser.add_argument("--state", action="append", choices=STATES, help="Only these; may be repeated.")
        parser.add_argument("--page", action="append", help="Only these, as in partners.partner.3; may be repeated.")
        parser.add_argument("--output", type=Path, help="A file instead of the standard output.")

    def handle(self, *args: Any, **options: Any) -> None:
        target = options["language"]
        first = [settings.LANGUAGE_CODE, *codes()]
        source = options["source"] or next(code for code in first if code != target)
        data = export(content(), source, target, options["state"] or (), options["page"] or ())
        if options["output"]:
            options["output"].write_bytes(data)
        else:
            self.stdout.write(data.decode())
