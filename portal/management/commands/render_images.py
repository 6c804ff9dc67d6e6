"""Renders the pictures of the library that are there already, as uploads are rendered when they arrive."""

from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal import cards
from portal.images import Image, render_all


class Command(BaseCommand):
    help = "Render what pictures of the library lack: after an upgrade that changes widths or formats, or a restore."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--all", action="store_true", dest="again", help="Render everything anew.")
        parser.add_argument("--dry-run", action="store_true", help="Say what would be rendered, and write nothing.")

    def handle(self, *, again: bool, dry_run: bool, verbosity: int, **options: Any) -> None:
        """Fail when a picture cannot be rendered, after all the others are."""
        if again and not dry_run:
            cards.discard()
        counts, total = Counter[str](), Image.objects.count()
        try:
            for number, (image, done) in enumerate(render_all(again, dry_run), start=1):
                counts["broken" if isinstance(done, Exception) else "rendered" if done else "complete"] += 1
                if isinstance(done, Exception):
                    why = f"{type(done).__name__}: {done}"
                    self.stderr.write(f"{number} of {total}: “{image}” cannot be rendered. {why}")
                elif verbosity > 1 or verbosity and done:
                    self.stdout.write(f"{number} of {total}: “{image}”, {done} files")
                    self.stdout.flush()
        except KeyboardInterrupt:
            raise CommandError("Interrupted. Run it again to render the rest.", returncode=130) from None
        if verbosity:
            would = " Dry run: nothing was written." if dry_run else ""
            told = ", ".join(f"{counts[outcome]} {outcome}" for outcome in ("rendered", "complete", "broken"))
            self.stdout.write(f"Pictures: {told}.{would}")
        if counts["broken"]:
            raise CommandError(f"{counts['broken']} of {counts.total()} pictures cannot be rendered: see above.")
