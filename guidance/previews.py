"""Links that show a draft to whoever has them, for a while."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.conf import settings
from django.core import signing
from django.urls import reverse

from guidance.models import Edition

LASTS: Final = timedelta(days=30)
_SALT: Final = "guidance.preview"


def share_url(edition: Edition) -> str:
    """Return an address that shows the draft for 30 days from now, to whoever is given it."""
    token = signing.dumps(edition.pk, salt=_SALT)
    return settings.SITE_URL + reverse("guidance:preview", args=[token])


def shared_edition(token: str) -> Edition | None:
    """Return the draft that the token stands for; None once it expired or readers see it."""
    try:
        key = signing.loads(token, salt=_SALT, max_age=LASTS)
    except signing.BadSignature:
        return None
    return Edition.objects.open().select_related("page").filter(pk=key).first()
