"""What readers ask of a page's history, and what editors write and say of it."""

from guidance.forms.drafting import DraftForm, SectionForm, SectionFormSet, typed_text
from guidance.forms.exchange import ImportForm, OfficialForm
from guidance.forms.publishing import NoteForm, PublishForm, RedactForm, WithdrawForm
from guidance.forms.reading import EARLIEST_YEAR, NOT_THERE_YET, SinceForm

__all__ = [
    "EARLIEST_YEAR",
    "NOT_THERE_YET",
    "DraftForm",
    "ImportForm",
    "NoteForm",
    "OfficialForm",
    "PublishForm",
    "RedactForm",
    "SectionForm",
    "SectionFormSet",
    "SinceForm",
    "WithdrawForm",
    "typed_text",
]
