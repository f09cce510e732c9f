"""Pages, their editions and drafts, and links, in the admin."""

from guidance.admin.editions import EditionAdmin, PageAdmin
from guidance.admin.links import LinkAdmin

__all__ = ["EditionAdmin", "LinkAdmin", "PageAdmin"]
