"""Who reads an enquiry on a day, in words: for its sender, and for whoever gets it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from contact.models import Enquiry
from regions.models import Post, Region

NATIONAL_TEAM = "national team"


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads an enquiry: "North-West co-ordinator", or "national team".

    `cover` says why it is not the region's own co-ordinator, as a clause without a full stop: "the
    North-East post is vacant, and the North-West co-ordinator covers it"; "" where it is, and where
    the enquiry is about several regions.
    """

    name: str
    cover: str = ""


def reader_of(enquiry: Enquiry, *, on: date) -> Reader:
    """Return who reads an enquiry that is mailed on that day (Europe/London)."""
    return reader(enquiry.region, enquiry.setting, on=on)


def reader(region: Region | None, setting: str, *, on: date) -> Reader:
    """Return who reads what comes from a setting in a region, or in several (None), on that day."""
    if region is None:
        return Reader(NATIONAL_TEAM)
    answering = Post.objects.recipient(region.slug, setting, on=on)
    name = NATIONAL_TEAM
    if answering.address is not None:
        if answering.covering is None:
            return Reader(f"{region.name} co-ordinator")
        cover = Post.objects.select_related("region").get(pk=answering.covering)
        other = "other " if cover.region_id == region.pk else ""
        name = f"{other}{cover.region.name} co-ordinator"
    if answering.post is None:
        return Reader(name, f"{region.name} has no post, and the {name} covers it")
    why = _why(Post.objects.select_related("region").get(pk=answering.post), on)
    return Reader(name, f"{why}, and the {name} covers it")


def _why(post: Post, on: date) -> str:
    region = post.region
    if post.is_vacant:
        return f"the {region.name} post is vacant"
    if post.absences.on(on).exists():
        return f"the {region.name} co-ordinator is away"
    return f"the {region.name} post has no address"
