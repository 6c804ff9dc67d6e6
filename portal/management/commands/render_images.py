"""Renders the pictures of the library that are there already, as uploads are rendered when they arrive."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal import cards
from portal.images import BROKEN, COMPLETE, RENDERED, Image, render_all


class Command(BaseCommand):
    help = "Render what pictures of the library lack: after an upgrade that changes widths or formats, or a restore."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--all", action="store_true", dest="again", help="Render everything anew.")
        parser.add_argument("--dry-run", action="store_true", help="Say what would be rendered, and write nothing.")

    def handle(self, *, again: bool, dry_run: bool, verbosity: int, **options: Any) -> None:
        """Fail when a picture cannot be rendered, after all the others are."""

        def tell(number: int, total: int, image: Image, outcome: str, said: str) -> None:
            if outcome == BROKEN:
                self.stderr.write(f"{number} of {total}: “{image}” cannot be rendered. {said}")
            elif verbosity > 1 or verbosity and outcome == RENDERED:
                self.stdout.write(f"{number} of {total}: “{image}”, {said} files")
                self.stdout.flush()

        if again and not dry_run:
            cards.discard()
        try:
            counts = render_all(tell, again, dry_run)
        except KeyboardInterrupt:
            raise CommandError("Interrupted. Run it again to render the rest.", returncode=130) from None
        if verbosity:
            would = " Dry run: nothing was written." if dry_run else ""
            told = ", ".join(f"{counts[outcome]} {outcome}" for outcome in (RENDERED, COMPLETE, BROKEN))
            self.stdout.write(f"Pictures: {told}.{would}")
        if counts[BROKEN]:
            raise CommandError(f"{counts[BROKEN]} of {counts.total()} pictures cannot be rendered: see above.")
