"""Regions, areas and places; posts and who holds them; national files; local contacts."""

from regions.models.contacts import LocalContact
from regions.models.national import (
    Establishment,
    NationalDownload,
    NationalFile,
    PostcodeSector,
)
from regions.models.places import Area, Place, PlaceTarget, Region
from regions.models.posts import Absence, Coordinator, Post, PostChange, PostLine
from regions.models.unfound import Unfound

__all__ = [
    "Absence",
    "Area",
    "Coordinator",
    "Establishment",
    "LocalContact",
    "NationalDownload",
    "NationalFile",
    "Place",
    "PlaceTarget",
    "Post",
    "PostChange",
    "PostLine",
    "PostcodeSector",
    "Region",
    "Unfound",
]
