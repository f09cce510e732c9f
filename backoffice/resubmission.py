"""A form of the admin that came too late, kept so that its sender can look at it and send it again.

It comes too late where its sender was signed out meanwhile, or where its CSRF token had expired.
Nothing of it is stored on the server: the page that answers carries it, signed, to the next one.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.core import signing
from django.http import HttpRequest

# The field in which the login page carries it.
CARRIED: Final = "typed"
# The field that says of a form: show it, store nothing. Its value says why it comes back.
RETURNED: Final = "_returned"
SIGNED_OUT: Final = "signed-out"
STALE: Final = "stale"

WHY: Final = {
    SIGNED_OUT: "You had been signed out, so nothing was saved. What you typed is below: check it "
    "and save again.",
    STALE: "The page had been open too long, so nothing was saved. What you typed is below: check "
    "it and save again.",
}

# What the login form adds to what it carries, with room to spare.
_ROOM: Final = 16 * 1024
_NOT_TYPED: Final = ("csrfmiddlewaretoken", CARRIED, RETURNED)
_signer = signing.Signer(salt="backoffice.resubmission")


@dataclass(frozen=True, slots=True)
class Resubmission:
    """What was sent where: names and values in their order, and the names of files.

    Files themselves and passwords are left out: a browser gives neither back to a page.
    """

    path: str
    fields: tuple[tuple[str, str], ...]
    left_out: tuple[str, ...] = ()

    def words(self) -> list[tuple[str, str]]:
        """Return what a person typed, each text under the name of its box."""
        return [
            (name.replace("-", " ").replace("_", " ").capitalize(), text)
            for name, text in self.fields
            if text.strip() and not text.isdigit() and not name.startswith("_")
        ]

    def signed(self) -> str | None:
        """Return it as a text for `read`; None where that is longer than a form may be."""
        text = _signer.sign(json.dumps([self.path, self.fields, self.left_out], ensure_ascii=False))
        size, most = len(text.encode(errors="replace")), settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        return None if most is not None and size + _ROOM > most else text


def sent_by(request: HttpRequest) -> Resubmission:
    """Return what a POST has sent."""
    typed = [
        (name, text)
        for name, texts in request.POST.lists()
        if name not in _NOT_TYPED
        for text in texts
    ]
    files = [str(file.name) for _, each in request.FILES.lists() for file in each]
    secret = ["the password"] * any(_is_secret(name) for name, _ in typed)
    return Resubmission(
        path=request.get_full_path(),
        fields=tuple((name, text) for name, text in typed if not _is_secret(name)),
        left_out=(*(f"the file {name}" for name in files), *secret),
    )


def read(text: str) -> Resubmission | None:
    """Return what `signed` wrote; None for anything else."""
    try:
        path, fields, left_out = json.loads(_signer.unsign(text))
    except signing.BadSignature:
        return None
    return Resubmission(path, tuple((name, value) for name, value in fields), tuple(left_out))


def is_from_here(request: HttpRequest) -> bool:
    """Whether the browser says that a page of this very site sent the request.

    Asked where the CSRF token proves nothing: another site's form is never carried on.
    """
    here = f"{request.scheme}://{request.get_host()}"
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return False
    origin = request.headers.get("Origin")
    if origin is None:
        return request.headers.get("Referer", "").startswith(f"{here}/")
    return origin in {here, *settings.CSRF_TRUSTED_ORIGINS}


def _is_secret(name: str) -> bool:
    return "password" in name
