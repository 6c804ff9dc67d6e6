"""Index anew all that the search finds: after an upgrade, or after rows were written past the models."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import ngettext

from portal.search import rebuild


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        written = rebuild()
        if options["verbosity"]:
            told = ngettext("%(written)d row in the index.", "%(written)d rows in the index.", written)
            self.stdout.write(told % {"written": written})
