"""Make one login for each role, for a demonstration, and print them; they are kept in var/logins.txt.

Passwords are made at random on this machine, in a file that only its owner can read. Where there are users already that
this command did not make, it makes none, unless forced.
"""

import os
import secrets

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.core.management.base import BaseCommand

from portal import roles


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--show", action="store_true", help="print the logins made before; make nothing")
        parser.add_argument("--force", action="store_true", help="make them beside the users of a real site")

    def handle(self, *, show, force, verbosity, **options):
        self.path = settings.BASE_DIR / "var" / "logins.txt"
        logins = self.kept()
        if not show:
            if not force and not logins and User.objects.exists():
                self.stderr.write("There are users already: no demonstration logins were made (--force makes them).")
                return
            roles.set_up()
            logins = {key: logins.get(key) or secrets.token_urlsafe(9) for key in roles.roles()}
            self.keep(logins)
            for key, role in roles.roles().items():
                self.login(key, role, logins[key])
        if verbosity:
            self.stdout.write("\n".join(f"{key:<16} {password}" for key, password in logins.items()))

    def login(self, key, role, password):
        """A user of that name in the group of that role; the password is set when the user is new."""
        user, is_new = User.objects.get_or_create(username=key, defaults={"is_staff": True, "first_name": role.name})
        if is_new:
            user.set_password(password)
            user.save()
        user.groups.add(Group.objects.get(name=role.name))

    def kept(self):
        return dict(line.split() for line in self.path.read_text().splitlines()) if self.path.exists() else {}

    def keep(self, logins):
        self.path.parent.mkdir(exist_ok=True)
        with os.fdopen(os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.writelines(f"{key} {password}\n" for key, password in logins.items())
