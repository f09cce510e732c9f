"""Who is signed in."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest

from accounts.models import User


def user_of(request: HttpRequest) -> User:
    """Return who is signed in: the admin lets nobody else in."""
    return cast("User", request.user)
