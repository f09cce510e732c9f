"""The site's settings, all from the environment or `.env` (the environment wins).

`.env.example` says what each is for. With DEBUG off, missing or weak ones stop the start,
all named at once.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from rpec_site.settings_rules import faults, weaknesses
from rpec_site.static_headers import add_headers

BASE_DIR = Path(__file__).resolve().parent.parent

unreadable: list[str] = []
SWITCHES = {"on", "off", "true", "false", "yes", "no", "1", "0"}


class Env(environ.Env):
    """The environment, in which a blank value is none, and a wrong one is kept for the list."""

    def get_value(
        self, var: str, cast: Any = None, default: Any = None, parse_default: bool = False
    ) -> Any:
        text = os.environ.get(var, "").strip()
        if not text:
            return default
        if cast is bool and text.lower() not in SWITCHES:
            unreadable.append(f"{var} must be on or off, not {text!r}.")
            return default
        try:
            return super().get_value(var, cast, default, parse_default)
        except ValueError:
            unreadable.append(f"{var} cannot be read: {os.environ[var]!r}.")
            return default

    def url_config(
        self, var: str, parse: Callable[[str], dict[str, Any]], *, default: str, kinds: set[str]
    ) -> dict[str, Any]:
        """Return what `parse` makes of an address, the default's where it cannot be read.

        `kinds` are the database engines or mail backends that the site can use.
        """
        try:
            config = parse(self.str(var, default=default))
        except (ImproperlyConfigured, KeyError, ValueError):
            config = {}
        if kinds & {config.get("ENGINE"), config.get("EMAIL_BACKEND")}:
            return config
        # Not shown: it may hold a password.
        unreadable.append(f"{var} cannot be read.")
        return parse(default)


env = Env()
environ.Env.read_env(os.environ.get("ENV_FILE", str(BASE_DIR / ".env")))

# What the site keeps on this machine

VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var"))).absolute()
# Names that the finder did not know wait here for the worker to count them.
UNFOUND_DIR = VAR_DIR / "unfound"
# What this machine's worker has handed to the mail server.
JOURNAL_DIR = VAR_DIR / "journal"
# What editors say of where /get-help/ leads, for when no database answers.
HELP_FILE = VAR_DIR / "help-addresses.json"
# National files lie here while they are fetched and read.
DOWNLOADS_DIR = VAR_DIR / "downloads"

# What the site is

DEBUG = env.bool("DEBUG", default=False)
EXAMPLES = env.bool("EXAMPLES", default=False)
EXAMPLE_PASSWORD = env.str("EXAMPLE_PASSWORD", default="")
PORT = env.int("PORT", default=8000)
WEB_CONCURRENCY = env.int("WEB_CONCURRENCY", default=2)
WORKERS = env.int("WORKERS", default=min(os.cpu_count() or 1, 2))
SITE_NAME = "Regional Prevent education co-ordinators"
SITE_URL = env.str(
    "SITE_URL", default=f"http://127.0.0.1:{PORT}" if DEBUG or EXAMPLES else ""
).rstrip("/")
OFFICIAL_PAGE_URL = env.str(
    "OFFICIAL_PAGE_URL",
    default="https://www.gov.uk/guidance/regional-prevent-education-coordinators",
)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost"] if DEBUG else [])
TRUSTED_PROXIES = env.list("TRUSTED_PROXIES", default=[])
LOG_LEVEL = env.str("LOG_LEVEL", default="INFO").upper()

# Secrets

SECRET_KEY = env.str("SECRET_KEY", default="insecure: for DEBUG only" if DEBUG else "")
# Of digests by which enquiries are found and counted without storing who or from where.
DIGEST_KEY = env.str("DIGEST_KEY", default=SECRET_KEY)
FIELD_ENCRYPTION_KEYS = env.list(
    "FIELD_ENCRYPTION_KEYS",
    # A key that protects nothing, so that a developer's machine needs no settings at all.
    default=["aW5zZWN1cmUtZm9yLURFQlVHLW9ubHktMDAwMDAwMDA="] if DEBUG else [],
)

# Mail

MAIL_KINDS = {
    "django.core.mail.backends.smtp.EmailBackend",
    "django.core.mail.backends.filebased.EmailBackend",
}
MAIL = env.url_config(
    "EMAIL_URL",
    environ.Env.email_url_config,
    default=f"filemail:///{VAR_DIR / 'mail'}",
    kinds=MAIL_KINDS,
)
ALARM_MAIL = (
    env.url_config(
        "ALARM_EMAIL_URL",
        environ.Env.email_url_config,
        default=f"filemail:///{VAR_DIR / 'alarms'}",
        kinds=MAIL_KINDS,
    )
    if env.str("ALARM_EMAIL_URL", default="")
    else None
)
BOUNCE_EMAIL = env.str("BOUNCE_EMAIL", default="")
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="site@example.org" if DEBUG else "")
REPLY_TO_EMAIL = env.str("REPLY_TO_EMAIL", default="replies@example.org" if DEBUG else "")
NATIONAL_TEAM_EMAIL = env.str("NATIONAL_TEAM_EMAIL", default="team@example.org" if DEBUG else "")
PUBLIC_CONTACT_EMAIL = env.str("PUBLIC_CONTACT_EMAIL", default="")
PUBLIC_CONTACT_PHONE = env.str("PUBLIC_CONTACT_PHONE", default="")
ENQUIRY_TEXT_IN_NOTICES = env.bool("ENQUIRY_TEXT_IN_NOTICES", default=False)

# Rules that an owner may set

ENQUIRY_RETENTION_DAYS = env.int("ENQUIRY_RETENTION_DAYS", default=365)
ENQUIRIES_AN_HOUR_BY_SENDER = env.int("ENQUIRIES_AN_HOUR_BY_SENDER", default=60)
ENQUIRIES_AN_HOUR_BY_NETWORK = env.int("ENQUIRIES_AN_HOUR_BY_NETWORK", default=240)
COMPLEX_CASE_NOTICES_AN_HOUR = env.int("COMPLEX_CASE_NOTICES_AN_HOUR", default=5)
SAFETY_LINKS_NEED_TWO = env.bool("SAFETY_LINKS_NEED_TWO", default=True)
REGISTRATION_HOSTS = env.list("REGISTRATION_HOSTS", default=["eventbrite.co.uk", "eventbrite.com"])
OUTGOING_ACCESS = env.bool("OUTGOING_ACCESS", default=False)
# A blank value is none, and so the default; "off" is no address at all.
ESTABLISHMENTS_URL = env.str(
    "ESTABLISHMENTS_URL",
    default="https://ea-edubase-api-prod.azurewebsites.net/edubase/downloads/public/"
    "edubasealldata{date:%Y%m%d}.csv",
)
ESTABLISHMENTS_URL = "" if ESTABLISHMENTS_URL == "off" else ESTABLISHMENTS_URL
POSTCODES_URL = env.str("POSTCODES_URL", default="")
ADMIN_PATH = env.str("ADMIN_PATH", default="admin/").strip("/") + "/"

# The application

INSTALLED_APPS = [
    "rpec_site.apps.RpecSiteConfig",
    "contact",
    "guidance",
    "training",
    "regions",
    "outbox",
    "accounts",
    "govuk",
    "rpec_site.apps.SiteAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "simple_history",
    "csp",
]

MIDDLEWARE = [
    "rpec_site.middleware.PatienceMiddleware",
    "rpec_site.middleware.HeadMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "rpec_site.middleware.PublicPageMiddleware",
    "rpec_site.middleware.IsolationMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "rpec_site.middleware.StaffSessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "rpec_site.middleware.StaffCsrfMiddleware",
    "rpec_site.middleware.StaffAuthenticationMiddleware",
    "rpec_site.middleware.StaffMessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "rpec_site.middleware.RefusedMethodMiddleware",
    "rpec_site.middleware.BoundedBodyMiddleware",
    "rpec_site.middleware.LastResortMiddleware",
]

ROOT_URLCONF = "rpec_site.urls"
WSGI_APPLICATION = "rpec_site.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "rpec_site.context_processors.site",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# The database

DATABASES = {
    "default": env.url_config(
        "DATABASE_URL",
        environ.Env.db_url_config,
        default=f"sqlite:///{VAR_DIR / 'site.sqlite3'}",
        kinds={"django.db.backends.sqlite3", "django.db.backends.postgresql"},
    )
}
# Who waits how long for it, in seconds (decision 27).
DATABASE_CONNECT_SECONDS = env.int("DATABASE_CONNECT_SECONDS", default=3)
DATABASE_LOCK_SECONDS = env.int("DATABASE_LOCK_SECONDS", default=7)
DATABASE_STATEMENT_SECONDS = env.int("DATABASE_STATEMENT_SECONDS", default=30)
DATABASE_READER_SECONDS = env.int("DATABASE_READER_SECONDS", default=8)
DATABASE_IDLE_SECONDS = env.int("DATABASE_IDLE_SECONDS", default=60)
DATABASE_SILENCE_SECONDS = env.int("DATABASE_SILENCE_SECONDS", default=15)
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"].setdefault("OPTIONS", {}).update(
        # Web and worker write side by side: wait for the lock from the transaction's first
        # statement on, rather than fail in its middle. FULL: a confirmed enquiry survives a
        # power cut.
        transaction_mode="IMMEDIATE",
        timeout=DATABASE_LOCK_SECONDS,
        init_command="PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    )
else:
    DATABASES["default"].update(
        ENGINE="rpec_site.postgresql", CONN_MAX_AGE=60, CONN_HEALTH_CHECKS=True
    )
    # What DATABASE_URL says of these wins.
    DATABASES["default"]["OPTIONS"] = {
        "connect_timeout": DATABASE_CONNECT_SECONDS,
        # A machine that is gone confirms nothing: then the connection ends.
        "tcp_user_timeout": DATABASE_SILENCE_SECONDS * 1000,
        "keepalives_idle": DATABASE_SILENCE_SECONDS,
        "keepalives_interval": max(1, DATABASE_SILENCE_SECONDS // 3),
        "keepalives_count": 3,
        "options": f"-c statement_timeout={DATABASE_STATEMENT_SECONDS}s"
        f" -c lock_timeout={DATABASE_LOCK_SECONDS}s"
        f" -c idle_in_transaction_session_timeout={DATABASE_IDLE_SECONDS}s"
        # A statement that nobody waits for any more ends, and lets go of what it holds.
        " -c client_connection_check_interval=2s",
        **DATABASES["default"].get("OPTIONS", {}),
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

_refusals = unreadable + faults(
    {
        "PORT": PORT,
        "WEB_CONCURRENCY": WEB_CONCURRENCY,
        "WORKERS": WORKERS,
        "DATABASE_CONNECT_SECONDS": DATABASE_CONNECT_SECONDS,
        "DATABASE_LOCK_SECONDS": DATABASE_LOCK_SECONDS,
        "DATABASE_STATEMENT_SECONDS": DATABASE_STATEMENT_SECONDS,
        "DATABASE_READER_SECONDS": DATABASE_READER_SECONDS,
        "DATABASE_IDLE_SECONDS": DATABASE_IDLE_SECONDS,
        "DATABASE_SILENCE_SECONDS": DATABASE_SILENCE_SECONDS,
        "ENQUIRY_RETENTION_DAYS": ENQUIRY_RETENTION_DAYS,
        "ENQUIRIES_AN_HOUR_BY_SENDER": ENQUIRIES_AN_HOUR_BY_SENDER,
        "ENQUIRIES_AN_HOUR_BY_NETWORK": ENQUIRIES_AN_HOUR_BY_NETWORK,
        "COMPLEX_CASE_NOTICES_AN_HOUR": COMPLEX_CASE_NOTICES_AN_HOUR,
        "LOG_LEVEL": LOG_LEVEL,
        "ADMIN_PATH": ADMIN_PATH,
        "OFFICIAL_PAGE_URL": OFFICIAL_PAGE_URL,
        "TRUSTED_PROXIES": TRUSTED_PROXIES,
        "BOUNCE_EMAIL": BOUNCE_EMAIL,
        "ESTABLISHMENTS_URL": ESTABLISHMENTS_URL,
        "POSTCODES_URL": POSTCODES_URL,
    }
)
if not DEBUG:
    _refusals += weaknesses(
        {
            "SECRET_KEY": SECRET_KEY,
            "DIGEST_KEY": DIGEST_KEY,
            "ALLOWED_HOSTS": ALLOWED_HOSTS,
            "SITE_URL": SITE_URL,
            "FIELD_ENCRYPTION_KEYS": FIELD_ENCRYPTION_KEYS,
            "DEFAULT_FROM_EMAIL": DEFAULT_FROM_EMAIL,
            "REPLY_TO_EMAIL": REPLY_TO_EMAIL,
            "NATIONAL_TEAM_EMAIL": NATIONAL_TEAM_EMAIL,
        }
    )
if _refusals:
    raise ImproperlyConfigured(
        "The site does not start with these settings (see .env.example):\n- "
        + "\n- ".join(_refusals)
    )

# Staff

AUTH_USER_MODEL = "accounts.User"
# Where signing in leads that was asked to lead elsewhere than to this site.
LOGIN_REDIRECT_URL = "admin:index"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
# Eight hours from the last use, not from signing in (StaffSessionMiddleware): whoever writes all
# day is not signed out in the middle of it.
SESSION_COOKIE_AGE = 8 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
# Staff get the session cookie and the CSRF cookie, and no third one for messages.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SIMPLE_HISTORY_REVERT_DISABLED = True

# Words and times

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True

# Static files

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
# Built from the code, so beside it, and not among what an installation keeps.
STATIC_ROOT = BASE_DIR / "collected"
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_ADD_HEADERS_FUNCTION = add_headers
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "rpec_site.static_files.CollectedFiles"
    },
}

# Security

_HTTPS = urlsplit(SITE_URL).scheme == "https"
SECURE_SSL_REDIRECT = _HTTPS
# A load balancer asks for the site's health inside its own network, without TLS.
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_HSTS_SECONDS = 63_072_000 if _HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = _HTTPS
SECURE_HSTS_PRELOAD = _HTTPS
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _HTTPS
if _HTTPS:
    # Browsers take these names only over https, for this host alone and all of it: no neighbour
    # under the same domain sets one (RFC 6265bis, 4.1.3.2).
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
CSRF_COOKIE_HTTPONLY = True
# It looks for Django's own middleware by name; ours is that one, for the admin.
SILENCED_SYSTEM_CHECKS = ["security.W003"]
CSRF_FAILURE_VIEW = "rpec_site.errors.forged"
CSRF_TRUSTED_ORIGINS = [SITE_URL] if SITE_URL else []
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    feature: []
    for feature in (
        "camera",
        "display-capture",
        "geolocation",
        "microphone",
        "payment",
        "usb",
    )
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "filters": {"refusals": {"()": "rpec_site.log_lines.WithoutTracebackOfRefusals"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        "django": {"handlers": [], "level": LOG_LEVEL, "propagate": True},
        # Strangers who ask for another host are answered 400; a traceback each is noise.
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        "django.request": {"filters": ["refusals"]},
    },
}
