"""Pages, editions and sections; what happened to editions; links to the outside."""

from guidance.models.editions import Edition, EditionQuerySet, Page
from guidance.models.links import Link
from guidance.models.origins import EarlierNote, Origin
from guidance.models.records import DraftSave, NoteCorrection, Redaction, Withdrawal
from guidance.models.sections import Section

__all__ = [
    "DraftSave",
    "EarlierNote",
    "Edition",
    "EditionQuerySet",
    "Link",
    "NoteCorrection",
    "Origin",
    "Page",
    "Redaction",
    "Section",
    "Withdrawal",
]
