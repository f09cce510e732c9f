"""Pages, their editions and drafts, links, and what is proposed, in the admin."""

from guidance.admin.editions import EditionAdmin
from guidance.admin.links import LinkAdmin
from guidance.admin.pages import PageAdmin
from guidance.admin.proposals import ProposalAdmin

__all__ = ["EditionAdmin", "LinkAdmin", "PageAdmin", "ProposalAdmin"]
