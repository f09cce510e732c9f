"""Pages, editions and sections; links to the outside."""

from guidance.models.editions import Edition, EditionQuerySet, Page, Section
from guidance.models.links import Link

__all__ = ["Edition", "EditionQuerySet", "Link", "Page", "Section"]
