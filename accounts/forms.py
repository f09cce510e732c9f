"""Forms for people who sign in."""

from __future__ import annotations

from math import ceil
from typing import Any

from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.forms import (
    AdminPasswordChangeForm,
    AdminUserCreationForm,
    UserChangeForm,
)
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.actions import (
    begin_sign_in,
    complete_sign_in,
    refuse_sign_in,
    refuse_to_lose_administrators,
)
from accounts.models import User, address_key
from accounts.sign_in import network_of

# Without any of these nobody administers the site.
_NEEDED = ("is_active", "is_staff", "is_superuser")
_LOCKED_OUT = "Without a password they cannot sign in."


class SignInForm(AdminAuthenticationForm):
    """An address in any spelling of its capitals, and a password.

    `wait` is how many seconds are left before the next password is looked at, 0 for none.
    """

    wait = 0

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.error_messages = {
            **self.error_messages,
            "invalid_login": "The e-mail address or the password is not right, or the account has "
            "ended. Capitals make a difference in the password only.",
        }

    def clean(self) -> dict[str, Any]:
        """Sign somebody in, unless they must wait: then the password is not even looked at."""
        email = self.cleaned_data.get("username", "")
        if not email or not self.cleaned_data.get("password") or self.request is None:
            return super().clean()
        network = network_of(self.request)
        left = begin_sign_in(email=email, network=network, at=timezone.now())
        if left:
            self.wait = ceil(left)
            raise ValidationError(
                f"There were too many wrong passwords. Wait {self.wait} "
                f"second{'' if self.wait == 1 else 's'}, then try again.",
                code="wait",
            )
        try:
            cleaned: dict[str, Any] = super().clean()
        except ValidationError:
            refuse_sign_in(email=email, network=network)
            raise
        complete_sign_in(user=self.get_user(), email=email, network=network, at=timezone.now())
        return cleaned


class UserCreationForm(AdminUserCreationForm):
    """A new user, by address and with a password, or without one."""

    usable_password = AdminUserCreationForm.create_usable_password_field(help_text=_LOCKED_OUT)

    class Meta:
        model = User
        fields = ("email", "name", "groups")

    def clean_email(self) -> str:
        return address_key(self.cleaned_data["email"])


class UserForm(UserChangeForm):
    """Who somebody is and what they may do. The last administrator stays one."""

    class Meta:
        model = User
        fields = "__all__"

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        taken = self.taken()
        if taken:
            try:
                refuse_to_lose_administrators(users=[self.instance])
            except ValidationError as error:
                self.add_error(taken[0], error)
        return cleaned

    def taken(self) -> list[str]:
        """Return which ticks they had and are to lose, of those that an administrator needs."""
        return [
            name
            for name in _NEEDED
            if self.initial.get(name) and name in self.fields and not self.cleaned_data.get(name)
        ]


class PasswordForm(AdminPasswordChangeForm):
    """Another password for somebody, or none. The last administrator keeps one."""

    usable_password_help_text = f"{_LOCKED_OUT} The one that they have now is lost."

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not cleaned.get("set_usable_password", True):
            try:
                refuse_to_lose_administrators(users=[self.user])
            except ValidationError as error:
                self.add_error("usable_password", error)
        return cleaned
