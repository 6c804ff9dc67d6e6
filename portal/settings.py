"""Settings of the portal, read from the environment; `.env.example` names every variable.

Sections in the order in which a deployer thinks. `.env` beside manage.py is read when it exists.
"""

from pathlib import Path

import environ
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
env.read_env(BASE_DIR / ".env")

# Identity ---------------------------------------------------------------------------------------------------------

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Hosts and secrets ------------------------------------------------------------------------------------------------

DEBUG = env.bool("DEBUG", False)
SECRET_KEY = env.str("SECRET_KEY", "development-only" if DEBUG else "")
if not SECRET_KEY:
    raise ImproperlyConfigured("SECRET_KEY is missing: set it to a long random text (see .env.example).")

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"] if DEBUG else [])
if not DEBUG and (not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS):
    raise ImproperlyConfigured(
        "ALLOWED_HOSTS is missing or a wildcard: name the hosts that serve the portal, as in portal.example.org."
    )
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

# Apps -------------------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "modeltranslation",  # before the admin, whose forms it extends
    "portal.admin_site.BackOfficeConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",  # its templates, so that FORM_RENDERER finds ours first
    "django_prose_editor",
    "imagefield",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "portal",
    "themes",
    "partners",
    "news",
]

# Middleware -------------------------------------------------------------------------------------------------------

MIDDLEWARE = [
    "portal.health.health",  # first: a supervisor asks over HTTP and by whatever name it knows the process
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",  # knows the request, asks nothing: microseconds on public pages
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

# Database ---------------------------------------------------------------------------------------------------------

DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{BASE_DIR / 'db.sqlite3'}")}
# A new connection per request halves the throughput and costs PostgreSQL nine times its CPU, SQLite half of a page's.
DATABASES["default"] |= {"CONN_MAX_AGE": env.int("CONN_MAX_AGE", 600), "CONN_HEALTH_CHECKS": True}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Deferred transactions fail as "locked" as soon as two requests write: IMMEDIATE makes the second one wait. 128 MiB
    # of the file are read without copying: a fifth of what reading 10,000 partners costs.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA mmap_size=134217728;",
    }
else:
    # A server that has vanished without a word is noticed in two seconds rather than in minutes.
    patience = {"connect_timeout": 2, "tcp_user_timeout": 2000, "keepalives_idle": 5, "keepalives_interval": 1}
    DATABASES["default"]["OPTIONS"] = patience | DATABASES["default"].get("OPTIONS", {})

# What all processes must know together, and may forget: failed tries to sign in. A migration makes the table.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "portal_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},  # so that a thousand other names do not push out the one under attack
    }
}

# Languages --------------------------------------------------------------------------------------------------------

LANGUAGES = [("fr", _("French")), ("en", _("English"))]
LANGUAGE_CODE = "fr"
MODELTRANSLATION_DEFAULT_LANGUAGE = "fr"
LOCALE_PATHS = [BASE_DIR / "portal" / "locale"]
TIME_ZONE = env.str("TIME_ZONE", "Europe/Paris")
USE_TZ = True
FORMAT_MODULE_PATH = "portal.formats"

# Templates --------------------------------------------------------------------------------------------------------

FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["portal.compact.Loader", "django.template.loaders.app_directories.Loader"],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.furniture.furniture",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "portal.templatetags.portal"],
        },
    }
]

# Static and media -------------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", str(BASE_DIR / "media")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# Mail -------------------------------------------------------------------------------------------------------------

EMAIL_CONFIG = env.email("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = 10  # seconds, while an editor waits
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("DEFAULT_FROM_EMAIL", "portal@localhost")

# Security ---------------------------------------------------------------------------------------------------------

HTTPS = env.bool("HTTPS", not DEBUG)  # off only where nothing but this machine is served, as `make run` does
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", 31536000 if HTTPS else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = bool(SECURE_HSTS_SECONDS)
if env.bool("BEHIND_PROXY", False):
    # Only where the proxy sets these headers itself, as deploy/nginx.conf does: a visitor could forge them otherwise.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1  # its last X-Forwarded-For is the address whose failed tries are counted
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SESSION_COOKIE_AGE = 12 * 60 * 60  # seconds: a working day
SESSION_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_NAME = "interface_language"  # staff only: the portal sets no cookie for a visitor
LANGUAGE_COOKIE_PATH, LANGUAGE_COOKIE_AGE = "/admin/", 365 * 24 * 60 * 60  # seconds
X_FRAME_OPTIONS = "DENY"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "img-src": [SELF],
        "style-src": [SELF],
        "script-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
# The back office's rich text editor needs an inline style and an import map: a nonce per response, never a hole.
ADMIN_CSP = {"script-src": [NONCE], "style-src": [NONCE], "img-src": ["data:"]}

# Sign-in of the staff ---------------------------------------------------------------------------------------------

SECOND_FACTOR = env.bool("SECOND_FACTOR", HTTPS)  # whether every member of staff must have one
LOGIN_URL, LOGIN_REDIRECT_URL, ACCOUNT_LOGOUT_REDIRECT_URL = "account_login", "admin:index", "account_login"
ACCOUNT_ADAPTER = "portal.signin.Accounts"
ACCOUNT_LOGIN_METHODS, ACCOUNT_EMAIL_VERIFICATION = {"username"}, "none"
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]  # nobody signs up; a field of the form of sign-in depends on it
ACCOUNT_SESSION_REMEMBER = True  # for SESSION_COOKIE_AGE, no longer
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60  # seconds after signing in, or confirming, in which security is changed
# Tries per address, and per name. Successful ones do not count, so the limit on all of them would only punish offices.
ACCOUNT_RATE_LIMITS = {"login_failed": "20/15m/ip,5/15m/key", "login": None, "reauthenticate": None}
MFA_ALLOW_UNVERIFIED_EMAIL = True  # addresses are written by administrators
MFA_TOTP_TOLERANCE = 1  # periods of 30 seconds by which a phone's clock may differ

# Logging ----------------------------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"},
        "json": {"()": "portal.logs.JSONFormatter"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": env.str("LOG_FORMAT", "line")}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "INFO")},
}

# Ours -------------------------------------------------------------------------------------------------------------

PAGE_CACHE_BYTES = env.int("PAGE_CACHE_MIB", 0 if DEBUG else 24) * 1024 * 1024  # per process; 0 keeps nothing
DATA_LICENCE = ("Licence Ouverte 2.0 (etalab-2.0)", "https://spdx.org/licenses/etalab-2.0.html")  # of the open data
IMAGE_MAX_PIXELS = 40_000_000  # a larger picture is refused before it is decoded
IMAGE_MAX_BYTES = 30_000_000
DOCUMENT_MAX_BYTES = 20_000_000
IMAGEFIELD_BIN_DEPTH = 2  # django-imagefield: renditions in two levels of folders
