"""Links to the outside, in the admin."""

from __future__ import annotations

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from backoffice.audit import AuditedAdmin
from backoffice.checking_admin import CheckedFilter, MarksAsChecked
from backoffice.locking import OptimisticLocking
from guidance.models import Link


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

    @admin.display(description="address", ordering="address", empty_value="not known")
    def shown_address(self, link: Link) -> SafeString | None:
        """Return the address as a link to follow."""
        if not link.address:
            return None
        return format_html('<a href="{0}" rel="noopener">{0}</a>', link.address)

    @admin.display(description="checked", boolean=True, ordering="checked_on")
    def is_checked(self, link: Link) -> bool:
        """Whether an editor has followed it."""
        return link.checked_on is not None

    def checkable(self, queryset: QuerySet[Link]) -> QuerySet[Link]:
        """Return the links whose address is known."""
        return queryset.exclude(address="")

    def save_model(self, request: HttpRequest, obj: Link, form: ModelForm, change: bool) -> None:
        """Save it; a new address that came without a new date counts as unchecked."""
        if change and "address" in form.changed_data and "checked_on" not in form.changed_data:
            if obj.checked_on:
                self.message_user(
                    request,
                    "The address has changed, so the link counts as unchecked until you mark it.",
                    messages.WARNING,
                )
            obj.checked_on = None
        super().save_model(request, obj, form, change)
