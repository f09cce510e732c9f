"""The people who sign in to the admin, known by their e-mail address."""

from __future__ import annotations

from collections.abc import Iterator
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
    times_ended = models.PositiveIntegerField(
        default=0, db_default=0, editable=False, help_text="How often all sessions were ended."
    )

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

    def get_session_auth_hash(self) -> str:
        """Return what a session must hold to be theirs: another once all were ended."""
        return self._of_today(super().get_session_auth_hash())

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """Yield what sessions may hold that began under an earlier SECRET_KEY."""
        for each in super().get_session_auth_fallback_hash():
            yield self._of_today(each)

    def _of_today(self, session_hash: str) -> str:
        # Sessions from before there was such a number go on.
        return f"{session_hash}.{self.times_ended}" if self.times_ended else session_hash

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return str(self)


class SignInTries(models.Model):
    """How many wrong passwords there were lately for an account, from a network, or for both.

    Neither the address that was typed nor the network is stored: `key` is a keyed digest.
    """

    key = models.CharField(max_length=64, unique=True)
    failures = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "sign-in tries"

    def __str__(self) -> str:
        return f"{self.failures} wrong passwords"


class KnownNetwork(models.Model):
    """A network from which somebody has signed in lately: strangers slow them down less there."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    network = models.CharField(max_length=64, help_text="Keyed digest.")
    last_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("user", "network"), name="network_is_known_once_to_an_account"
            ),
        )

    def __str__(self) -> str:
        return f"{self.user}: {self.network[:8]}"
