"""Pages, editions and what happened to them, drafts, links to the outside."""

from guidance.models.drafting import DraftSave, Section
from guidance.models.editions import Edition, EditionQuerySet, NoteCorrection, Redaction
from guidance.models.links import Link
from guidance.models.origins import Arrival, EarlierNote, Origin
from guidance.models.pages import Page
from guidance.models.proposals import Proposal
from guidance.models.withdrawals import Withdrawal

__all__ = [
    "Arrival",
    "DraftSave",
    "EarlierNote",
    "Edition",
    "EditionQuerySet",
    "Link",
    "NoteCorrection",
    "Origin",
    "Page",
    "Proposal",
    "Redaction",
    "Section",
    "Withdrawal",
]
