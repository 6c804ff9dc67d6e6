"""What is refused at start-up, and what by `check --deploy`?"""

import os
import subprocess
import sys

import pytest
from django.conf import settings as current
from django.core.checks import run_checks

KEY = "a-secret-of-this-test-alone-0123456789-abcdefghijklmnopqrstuvwxyz"


@pytest.fixture
def deployed(settings):
    """Settings as in production."""
    settings.SECRET_KEY = KEY
    settings.HTTPS = settings.SECURE_SSL_REDIRECT = settings.SESSION_COOKIE_SECURE = settings.SECOND_FACTOR = True
    settings.CSRF_COOKIE_SECURE = settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = settings.SECURE_HSTS_PRELOAD = True
    settings.SECURE_HSTS_SECONDS = 31536000
    settings.ALLOWED_HOSTS = ["portal.example.org"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    return settings


def found(level=0):
    return {check.id for check in run_checks(include_deployment_checks=True) if check.level >= level}


def test_production_passes_every_check(deployed, monkeypatch):
    monkeypatch.delenv("DJANGO_ALLOW_ASYNC_UNSAFE", raising=False)  # the browser tests of this process need it
    assert found(level=30) == set()


def policy(**directives):
    return {"DIRECTIVES": current.CONTENT_SECURITY_POLICY["DIRECTIVES"] | directives}


@pytest.mark.parametrize(
    ("name", "value", "check"),
    [
        ("DEBUG", True, "portal.E001"),
        ("SECRET_KEY", "short", "portal.E002"),
        ("SECRET_KEY", "ab" * 40, "portal.E002"),
        ("ALLOWED_HOSTS", ["*"], "portal.E003"),
        ("ALLOWED_HOSTS", [".example.org"], "portal.E003"),
        ("HTTPS", False, "portal.E004"),
        ("SECURE_SSL_REDIRECT", False, "portal.E004"),
        ("CONTENT_SECURITY_POLICY", policy(**{"script-src": ["'self'", "'unsafe-inline'"]}), "portal.E005"),
        ("CONTENT_SECURITY_POLICY", policy(**{"style-src": ["https://fonts.example.org"]}), "portal.E005"),
        ("ADMIN_CSP", {"script-src": ["'unsafe-eval'"]}, "portal.E005"),
        ("CONTENT_SECURITY_POLICY", policy(**{"default-src": ["'self'"]}), "portal.E006"),
        ("CONTENT_SECURITY_POLICY", {}, "portal.E006"),
        ("EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend", "portal.W007"),
        ("SECOND_FACTOR", False, "portal.W010"),
    ],
)
def test_what_must_never_be_deployed_is_named(deployed, name, value, check):
    assert check not in found()
    setattr(deployed, name, value)
    assert check in found()


@pytest.mark.parametrize("command", [["manage.py", "check"], ["-c", "import portal.wsgi"]])
@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({"SECRET_KEY": "", "ALLOWED_HOSTS": "portal.example.org"}, "SECRET_KEY is missing"),
        ({"SECRET_KEY": KEY, "ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS is missing or a wildcard"),
        ({"SECRET_KEY": KEY, "ALLOWED_HOSTS": "portal.example.org,*"}, "ALLOWED_HOSTS is missing or a wildcard"),
        ({"SECRET_KEY": KEY, "ALLOWED_HOSTS": "portal.example.org"}, ""),
    ],
)
def test_start_up_refuses_and_names_the_variable(command, environment, named):
    environment = os.environ | {"DEBUG": "off", "DJANGO_SETTINGS_MODULE": "portal.settings"} | environment
    result = subprocess.run([sys.executable, *command], env=environment, capture_output=True, text=True)
    assert (result.returncode != 0) == bool(named)
    assert named in result.stderr
    if named and command[0] == "manage.py":
        assert result.stderr.startswith("The portal cannot start.") and "Traceback" not in result.stderr


def test_the_environment_of_a_request_holds_no_secret_and_what_libraries_need():
    """Granian copies a process's environment into each request's."""
    command = "import os; from portal.wsgi import served; served(); print(*os.environ)"
    given = {"SECRET_KEY": KEY, "ALLOWED_HOSTS": "portal.example.org", "DEBUG": "off", "PGPASSFILE": "/dev/null"}
    environment = os.environ | given | {"DJANGO_SETTINGS_MODULE": "portal.settings", "DATABASE_URL": "sqlite://"}
    left = subprocess.run([sys.executable, "-c", command], env=environment, capture_output=True, text=True, check=True)
    names = left.stdout.split()
    assert "PGPASSFILE" in names and "PATH" in names
    assert not {"SECRET_KEY", "DATABASE_URL", "ALLOWED_HOSTS"} & set(names)
