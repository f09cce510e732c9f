"""The finder over the tables of the database."""

from __future__ import annotations

from regions.answers import Answer, Result
from regions.finder import NationalLookups, find
from regions.models import Establishment, LocalContact, Place, PostcodeSector
from regions.suggestions import suggestions


def answer(query: str) -> Answer:
    """Return which region `query` names and why, in a few database queries."""
    return find(
        query,
        Place.objects.all().facts,
        NationalLookups(
            postcodes=PostcodeSector.objects.all().facts,
            by_number=Establishment.objects.all().by_number,
            by_name=Establishment.objects.all().by_name,
        ),
    )


def alike(answer: Answer) -> list[str]:
    """Return the known names that a name not found may be a slip of, in one query."""
    if answer.result is not Result.NONE:
        return []
    return suggestions(answer.query, Place.objects.order_by("pk").values_list("name", flat=True))


def local_contacts(answer: Answer) -> list[LocalContact]:
    """Return whom to ask near a place whose region is certain, in one query."""
    if answer.result is not Result.ONE:
        return []
    return list(LocalContact.objects.serving(answer.areas, answer.councils).checked())
