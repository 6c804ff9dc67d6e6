"""Compile the interface's translations, without gettext."""

from typing import Any

from django.core.management.base import BaseCommand

from portal.catalogue import compile_all


class Command(BaseCommand):
    help = __doc__
    requires_system_checks: list[str] = []

    def handle(self, **options: Any) -> None:
        compiled = compile_all()
        if options["verbosity"]:
            self.stdout.write(f"Catalogues compiled: {len(compiled)}.")
