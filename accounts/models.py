"""The people who sign in to the admin, known by their e-mail address."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

EXAMPLE_DOMAIN = "example.org"


def address_key(address: str) -> str:
    """Return the form in which an address is stored and compared: without spaces, lower case.

    RFC 5321 (2.4) lets a mail server tell capitals apart before the @; hardly any does, and two
    accounts of one mailbox would be a mistake.

    With EXAMPLES on a bare name stands for the example account of that name, so that `editor`
    signs in as well as `editor@example.org` does.
    """
    key = address.strip().lower()
    if settings.EXAMPLES and key and "@" not in key:
        return f"{key}@{EXAMPLE_DOMAIN}"
    return key


class UserManager(BaseUserManager["User"]):
    """Makes users, and finds them by address in any spelling of its capitals."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Store and return a user. Raises ValueError without an address."""
        if not email.strip():
            raise ValueError("A user needs an e-mail address.")
        user = self.model(email=address_key(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Store and return an administrator."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def administrators(self) -> models.QuerySet[User]:
        """Return those who can sign in and may do everything."""
        able = self.filter(is_active=True, is_staff=True, is_superuser=True)
        return able.exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX)

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=address_key(username or ""))


class User(AbstractBaseUser, PermissionsMixin):
    """Somebody who signs in: their address is their name."""

    email = models.EmailField(
        "e-mail address",
        unique=True,
        help_text="What they sign in with. Capitals make no difference.",
        error_messages={"unique": "Somebody has this e-mail address already."},
    )
    name = models.CharField(max_length=200, blank=True, help_text="Shown to colleagues only.")
    is_staff = models.BooleanField(
        "may sign in", default=True, help_text="Only who has this ticked can use the admin."
    )
    is_active = models.BooleanField(
        "active", default=True, help_text="Untick this instead of deleting somebody who left."
    )
    date_joined = models.DateTimeField(default=timezone.now, editable=False)

    objects = UserManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        ordering = ("email",)
        constraints = (
            # With `unique` on the column, this makes addresses unique whatever their capitals.
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")),
                name="user_email_is_lower_case",
                violation_error_message="Write the e-mail address in lower case.",
            ),
        )

    def __str__(self) -> str:
        return self.name or self.email

    def clean(self) -> None:
        super().clean()
        self.email = address_key(self.email)

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return str(self)
