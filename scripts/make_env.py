"""Prints an `.env` for trying the site out: random keys, example people and dates."""

import secrets
import sys

from cryptography.fernet import Fernet


def main() -> None:
    sys.stdout.write(
        f"""# Made for trying the site out on this machine. .env.example tells what each is for.
DEBUG=off
EXAMPLES=on
EXAMPLE_PASSWORD={secrets.token_urlsafe(12)}
SECRET_KEY={secrets.token_urlsafe(60)}
DIGEST_KEY={secrets.token_urlsafe(60)}
FIELD_ENCRYPTION_KEYS={Fernet.generate_key().decode()}
ALLOWED_HOSTS=127.0.0.1,localhost
DEFAULT_FROM_EMAIL=site@example.org
REPLY_TO_EMAIL=replies@example.org
NATIONAL_TEAM_EMAIL=national-team@example.org
PUBLIC_CONTACT_EMAIL=public@example.org
"""
    )


if __name__ == "__main__":
    main()
