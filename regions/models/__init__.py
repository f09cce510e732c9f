"""Regions, areas and places; posts and who holds them; what comes from national files."""

from regions.models.national import Establishment, LocalContact, PostcodeSector, Unfound
from regions.models.places import Area, Place, PlaceTarget, Region
from regions.models.posts import Absence, Coordinator, Post, PostLine

__all__ = [
    "Absence",
    "Area",
    "Coordinator",
    "Establishment",
    "LocalContact",
    "Place",
    "PlaceTarget",
    "Post",
    "PostLine",
    "PostcodeSector",
    "Region",
    "Unfound",
]
