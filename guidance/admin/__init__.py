"""Pages, their editions and drafts, and links, in the admin."""

from guidance.admin.editions import EditionAdmin
from guidance.admin.links import LinkAdmin
from guidance.admin.pages import PageAdmin

__all__ = ["EditionAdmin", "LinkAdmin", "PageAdmin"]
