"""Links to the outside, in the admin."""

from __future__ import annotations

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.sign_in import user_of
from backoffice.audit import AuditedAdmin
from backoffice.checking_admin import CheckedFilter, MarksAsChecked
from backoffice.locking import OptimisticLocking
from guidance.actions.proposing import propose_address
from guidance.help_addresses import keep_help_addresses_after_commit
from guidance.models import Link

PROPOSED_ADDRESS = (
    "The address is proposed, because this link leads out of danger: until somebody else confirms "
    "it, under What waits, the old one stands everywhere."
)


@admin.register(Link)
class LinkAdmin(OptimisticLocking, MarksAsChecked, AuditedAdmin):
    """Addresses outside this site, each with its owner and when it was last checked."""

    list_display = ("key", "label", "shown_address", "owner", "checked_on", "is_checked")
    list_filter = (CheckedFilter, "owner")
    search_fields = ("key", "label", "address", "owner")
    ordering = ("key",)
    fields = ("key", "label", "address", "owner", "checked_on", "note")

    def get_readonly_fields(self, request: HttpRequest, obj: Link | None = None) -> tuple[str, ...]:
        # Texts name a link by its key: under another one they would lose it.
        return ("key",) if obj else ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Link]:
        return super().get_queryset(request).select_related("proposal")

    def has_delete_permission(self, request: HttpRequest, obj: Link | None = None) -> bool:
        # Deleted and added again, it would have lost its second person's word.
        if obj is not None and obj.needs_second_person:
            return False
        return super().has_delete_permission(request, obj)

    @admin.display(description="address", ordering="address", empty_value="not known")
    def shown_address(self, link: Link) -> SafeString | None:
        """Return the address as a link to follow, and the one that waits for a second person."""
        address = format_html('<a href="{0}" rel="noopener">{0}</a>', link.address)
        proposal = getattr(link, "proposal", None)
        if proposal is not None:
            return format_html(
                '{}<br>Proposed: <a href="{}">{}</a>',
                address if link.address else "not known",
                reverse("admin:guidance_proposal_decide", args=[proposal.pk]),
                proposal.text or "no address",
            )
        return address if link.address else None

    @admin.display(description="checked", boolean=True, ordering="checked_on")
    def is_checked(self, link: Link) -> bool:
        """Whether an editor has followed it."""
        return link.checked_on is not None

    def checkable(self, queryset: QuerySet[Link]) -> QuerySet[Link]:
        """Return the links whose address is known."""
        return queryset.exclude(address="")

    def save_model(self, request: HttpRequest, obj: Link, form: ModelForm, change: bool) -> None:
        """Save it; a new address that came without a new date counts as unchecked.

        Where the address needs a second person it is proposed, and the old one stands.
        """
        keep_help_addresses_after_commit()
        if obj.needs_second_person and "address" in form.changed_data:
            proposed, stored = obj.address, Link.objects.filter(pk=obj.pk).first()
            obj.address = stored.address if stored else ""
            # Whoever followed the new address did not follow the old one.
            obj.checked_on = stored.checked_on if stored else None
            super().save_model(request, obj, form, change)
            propose_address(link=obj, address=proposed, by=user_of(request), at=timezone.now())
            self.message_user(request, PROPOSED_ADDRESS, messages.WARNING)
            return
        if change and "address" in form.changed_data and "checked_on" not in form.changed_data:
            if obj.checked_on:
                self.message_user(
                    request,
                    "The address has changed, so the link counts as unchecked until you mark it.",
                    messages.WARNING,
                )
            obj.checked_on = None
        super().save_model(request, obj, form, change)

    def delete_model(self, request: HttpRequest, obj: Link) -> None:
        """Delete it; the page that helps goes back to what the site ships with."""
        super().delete_model(request, obj)
        keep_help_addresses_after_commit()

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Link]) -> None:
        """Delete several, as one."""
        super().delete_queryset(request, queryset)
        keep_help_addresses_after_commit()
