"""Regions, areas and places; posts and who holds them."""

from regions.models.places import Area, Place, PlaceTarget, Region
from regions.models.posts import Absence, Coordinator, Post, PostLine

__all__ = ["Absence", "Area", "Coordinator", "Place", "PlaceTarget", "Post", "PostLine", "Region"]
