"""What the staff are told where there is nothing, or no more, at an address: in their own frame."""

from __future__ import annotations

from typing import Final

from django.http import Http404

NOTHING: Final = (
    "There is nothing at this address that you may see. It may have been deleted, or is for other "
    "people, or the address was cut off when it was copied."
)


class MissingError(Http404):
    """There is nothing (more) to see or do: a sentence for staff says what happened to it."""
