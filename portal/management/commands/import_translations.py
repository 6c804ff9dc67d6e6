"""Take translations back from an XLIFF 2.0 file, as drafts; every text that is refused is told with its reason."""

from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.desk import content
from portal.exchange import Unreadable, check, take


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="Check every text and write nothing.")

    def handle(self, *args: Any, **options: Any) -> None:
        everything = content()
        try:
            target, outcomes = check(options["file"].read_bytes(), everything)
        except (Unreadable, OSError) as error:
            raise CommandError(str(error)) from error
        for outcome in outcomes:
            if outcome.status == "refused" or options["verbosity"] > 1:
                self.stdout.write(f"{outcome.status}: {outcome.place}. {outcome.reason}".rstrip(". ") + ".")
        pages = 0 if options["dry_run"] else take(outcomes, everything, target, None)
        counts = Counter(outcome.status for outcome in outcomes)
        said = ", ".join(f"{number} {status}" for status, number in sorted(counts.items())) or "no text"
        self.stdout.write(f"{said}; {pages} pages changed{' (dry run)' if options['dry_run'] else ''}.")
        if counts["refused"]:
            raise CommandError(f"{counts['refused']} texts were refused.")
