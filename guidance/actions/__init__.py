"""The writes of guidance: loading, drafting and publishing, recording what changed by itself."""

from guidance.actions.loading import load_links, load_published
from guidance.actions.publishing import (
    discard_draft,
    publish,
    publish_due,
    schedule,
    start_draft,
    unschedule,
)
from guidance.actions.reconciling import changed_since, facts_of, reconcile

__all__ = [
    "changed_since",
    "discard_draft",
    "facts_of",
    "load_links",
    "load_published",
    "publish",
    "publish_due",
    "reconcile",
    "schedule",
    "start_draft",
    "unschedule",
]
