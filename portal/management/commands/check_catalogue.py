"""Check that every text of the interface is translated; `--update` first writes what is new into the catalogues."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.catalogue import compile_all, problems, update


class Command(BaseCommand):
    help = __doc__
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--update", action="store_true", help="write new texts into the catalogues, then compile")

    def handle(self, **options: Any) -> None:
        if options["update"]:
            update()
            compile_all()
        found = problems()
        for line in found:
            self.stderr.write(line)
        if found:
            raise CommandError(f"The catalogue is not complete or not current: {len(found)} lines.")
        if options["verbosity"]:
            self.stdout.write("The catalogue is complete and current.")
