"""The writes of guidance: loading, drafting and publishing, and what comes after that."""

from guidance.actions.importing import ImportPlan, import_items, plan_import
from guidance.actions.loading import load_links, load_published
from guidance.actions.publishing import (
    begin_page,
    discard_draft,
    keep_save,
    publish,
    publish_due,
    schedule,
    start_draft,
    unschedule,
)
from guidance.actions.reconciling import changed_since, facts_of, reconcile
from guidance.actions.records import correct_note, places_of, redact, withdraw

__all__ = [
    "ImportPlan",
    "begin_page",
    "changed_since",
    "correct_note",
    "discard_draft",
    "facts_of",
    "import_items",
    "keep_save",
    "load_links",
    "load_published",
    "places_of",
    "plan_import",
    "publish",
    "publish_due",
    "reconcile",
    "redact",
    "schedule",
    "start_draft",
    "unschedule",
    "withdraw",
]
