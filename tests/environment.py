"""The settings that tests run with, whatever this machine's environment or `.env` says.

Loaded by pytest before Django (see `addopts` in pyproject.toml). `DATABASE_URL` alone may come
from outside, so that the same tests run on PostgreSQL.
"""

import os
import tempfile

from cryptography.fernet import Fernet

MAIL_FOLDER = tempfile.mkdtemp(prefix="rpec-mail-")

# The processes that tests start, over a hundred, read modules that one of them has compiled.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
os.environ.update(
    ENV_FILE=os.devnull,
    VAR_DIR=f"{MAIL_FOLDER}/var",
    DJANGO_SETTINGS_MODULE="rpec_site.settings",
    DEBUG="off",
    EXAMPLES="off",
    SECRET_KEY="tests-" + "0123456789abcdef" * 4,
    FIELD_ENCRYPTION_KEYS=Fernet.generate_key().decode(),
    ALLOWED_HOSTS="testserver,127.0.0.1,localhost",
    SITE_URL="http://127.0.0.1:8000",
    DEFAULT_FROM_EMAIL="site@rpec.example",
    REPLY_TO_EMAIL="replies@rpec.example",
    NATIONAL_TEAM_EMAIL="national@rpec.example",
    PUBLIC_CONTACT_EMAIL="public@rpec.example",
    PUBLIC_CONTACT_PHONE="",
    EMAIL_URL=f"filemail://{MAIL_FOLDER}",
    DATABASE_URL=os.environ.get("TEST_SUITE_DATABASE_URL", "sqlite://:memory:"),
)
