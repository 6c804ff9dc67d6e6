"""Make the groups of `portal/roles.py`, or put them right; safe to run again."""

from django.core.management.base import BaseCommand

from portal import roles


class Command(BaseCommand):
    help = __doc__

    def handle(self, *, verbosity, **options):
        for name, count in roles.set_up().items():
            if verbosity:
                self.stdout.write(f"{name}: {count} permissions")
