"""Who is signed in, and from where."""

from __future__ import annotations

from typing import cast

from django.conf import settings
from django.http import HttpRequest

from accounts.models import User
from accounts.networks import network_of_staff


def network_of(request: HttpRequest) -> str:
    """Return the network from which somebody signs in."""
    return network_of_staff(
        request.META.get("REMOTE_ADDR", ""),
        request.headers.get("X-Forwarded-For", ""),
        settings.TRUSTED_PROXIES,
    )


def user_of(request: HttpRequest) -> User:
    """Return who is signed in: the admin lets nobody else in."""
    return cast("User", request.user)
