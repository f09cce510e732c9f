"""Makes the first administrator of a site."""

from __future__ import annotations

import getpass
import sys
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from accounts.models import User, address_key


class Command(BaseCommand):
    help = (
        "Makes an administrator. The password is asked for, "
        "or read from standard input where that is not a terminal."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="The address that they sign in with.")
        parser.add_argument("--name", default="", help="Shown to colleagues only.")

    def handle(self, *args: Any, **options: Any) -> None:
        email = address_key(options["email"])
        user = User(email=email, name=options["name"])
        try:
            validate_email(email)
        except ValidationError as error:
            raise CommandError(f"Not an e-mail address: {options['email']!r}.") from error
        if User.objects.filter(email=email).exists():
            raise CommandError(f"{email} has an account already; nothing was changed.")
        password = self._password()
        try:
            validate_password(password, user)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        User.objects.create_superuser(email, password, name=options["name"])
        self.stdout.write(f"{email} can now sign in as an administrator.")

    def _password(self) -> str:
        if sys.stdin.isatty():
            password = getpass.getpass("Password: ")
            if password != getpass.getpass("The same again: "):
                raise CommandError("The two passwords differ; nothing was changed.")
            return password
        password = sys.stdin.readline().rstrip("\r\n")
        if not password:
            raise CommandError("No password came on standard input; nothing was changed.")
        return password
