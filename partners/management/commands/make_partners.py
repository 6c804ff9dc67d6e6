"""Makes partners in bulk, to see how the portal bears many of them; 0 takes them away again."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from partners.demo.many import make


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("number", type=int, help="how many there are to be afterwards")

    def handle(self, number: int, verbosity: int, **options: Any) -> None:
        if settings.HTTPS and number:
            raise CommandError("HTTPS is on: this portal has visitors, who would take these partners for real ones.")
        make(number)
        if verbosity:
            self.stdout.write(f"There are {number} made-up partners.")
