"""Publish the scheduled editions whose time has come; run it every minute, on as many machines as there are."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.drafts import publish_due
from portal.editions import Edition


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="say what is due, publish nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        at = timezone.now()
        if options["dry_run"]:
            for edition in Edition.objects.due(at):
                self.stdout.write(_("due: %(title)s") % {"title": edition.title})
            return
        done, failed = publish_due(at, self._tell if options["verbosity"] else None)
        if options["verbosity"] and (done or failed):
            self.stdout.write(
                ngettext("%(done)d edition published.", "%(done)d editions published.", done) % {"done": done}
            )
        if failed:
            told = ngettext("%(failed)d could not be published.", "%(failed)d could not be published.", failed)
            self.stderr.write(told % {"failed": failed})

    def _tell(self, edition: Edition, reason: str) -> None:
        line = _("not published: %(title)s. %(reason)s") if reason else _("published: %(title)s")
        (self.stderr if reason else self.stdout).write(line % {"title": edition.title, "reason": reason})
