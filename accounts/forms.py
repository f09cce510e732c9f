"""Forms for people who sign in."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.forms import (
    AdminPasswordChangeForm,
    AdminUserCreationForm,
    UserChangeForm,
)
from django.core.exceptions import ValidationError

from accounts.actions import refuse_to_lose_administrators
from accounts.models import User, address_key

# Without any of these nobody administers the site.
_NEEDED = ("is_active", "is_staff", "is_superuser")
_LOCKED_OUT = "Without a password they cannot sign in."


class SignInForm(AdminAuthenticationForm):
    """An address in any spelling of its capitals, and a password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.error_messages = {
            **self.error_messages,
            "invalid_login": "The e-mail address or the password is not right, or the account has "
            "ended. Capitals make a difference in the password only.",
        }


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
