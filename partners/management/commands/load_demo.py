"""Loads the demonstration, which is in French and English with gaps on purpose; see `partners/demo/README.md`."""

from contextlib import nullcontext
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import models

from partners.demo.load import KEPT, load
from partners.models import Partner
from portal.rehearsal import rehearsal


class Command(BaseCommand):
    help = "Load the demonstration. What editors have changed stays, unless --overwrite is given."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--overwrite", action="store_true", help="Restore what editors have changed.")
        parser.add_argument("--if-empty", action="store_true", help="Do nothing when the site has a partner already.")
        parser.add_argument("--dry-run", action="store_true", help="Say what would be done, and change nothing.")

    def handle(self, *args: Any, **options: Any) -> None:
        self.verbosity = options["verbosity"]
        if options["if_empty"] and Partner.objects.exists():
            return self.say("The site has partners already: nothing was loaded.")
        try:
            with rehearsal() if options["dry_run"] else nullcontext():
                counts = load(options["overwrite"], self.tell)
        except ValidationError as error:
            raise CommandError("The demonstration does not fit: " + " ".join(error.messages)) from error
        if counts[KEPT] == counts.total():
            return self.say(f"Nothing to do: the {counts.total()} records of the demonstration are there already.")
        told = ", ".join(f"{number} {outcome}" for outcome, number in sorted(counts.items()))
        self.say(f"Demonstration: {told}." + (" Dry run: nothing was written." if options["dry_run"] else ""))

    def tell(self, outcome: str, record: models.Model) -> None:
        self.say(f"{outcome}: {record._meta.model_name} “{record}”", level=2)

    def say(self, text: str, level: int = 1) -> None:
        if self.verbosity >= level:
            self.stdout.write(text)
