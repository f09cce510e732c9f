"""The inbox, and one enquiry: its text is shown by a button, and each reading is recorded."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any, cast
from urllib.parse import quote

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from accounts.sign_in import user_of
from backoffice.missing import MissingError
from backoffice.row_keys import is_key
from backoffice.steps import step_page, step_paths
from contact.actions import handling
from contact.admin.overview import overview
from contact.admin.personal_data import MAY_HANDLE_PERSONAL_DATA, erase_page, person_page
from contact.admin.steps import STEPS, EnquirySteps
from contact.handling import steps_from
from contact.mail import notice_of
from contact.models import MOST_URGENT_FIRST, Enquiry, readable, sealed_columns


class ShownFilter(admin.SimpleListFilter):
    """Which enquiries: those that somebody has still to answer, unless asked otherwise."""

    title = "which"
    parameter_name = "show"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [
            ("mine", "Mine, still open"),
            ("complex", "Open complex cases"),
            ("overdue", "Overdue"),
            ("held", "Held"),
            ("telephone", "Telephone the sender"),
            ("unreadable", "Cannot be read"),
            ("answered", "Answered"),
            ("closed", "Closed"),
            ("all", "All"),
        ]

    def choices(self, changelist: Any) -> Any:
        """Offer what is open in place of Django's "All"."""
        choices = iter(super().choices(changelist))
        yield {**next(choices), "display": "Open"}
        yield from choices

    def queryset(self, request: HttpRequest, queryset: QuerySet[Enquiry]) -> QuerySet[Enquiry]:
        rows = cast("Any", queryset)
        shown = {
            "mine": lambda: rows.open().filter(assigned_to=user_of(request)),
            "complex": lambda: rows.open().filter(topic=Enquiry.Topic.COMPLEX_CASE),
            "overdue": lambda: rows.overdue(on=timezone.localdate()),
            "held": lambda: rows.filter(state=Enquiry.State.HELD),
            "telephone": lambda: rows.open().filter(needs_telephone=True),
            "unreadable": lambda: rows.unreadable(),
            "answered": lambda: rows.filter(state=Enquiry.State.ANSWERED),
            "closed": lambda: rows.filter(state=Enquiry.State.CLOSED),
            "all": lambda: rows,
        }.get(self.value() or "")
        if shown is not None:
            return shown()
        # Who searches for a reference finds it in any state.
        return rows if request.GET.get("q") else rows.open()


class RegionFilter(admin.SimpleListFilter):
    """Among the regions of the enquiries that whoever asks may see."""

    title = "region"
    parameter_name = "region"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        rows = model_admin.get_queryset(request).order_by("region__position")
        regions = rows.values_list("region__slug", "region__name").distinct()
        return [(slug or "several", name or "Several regions") for slug, name in regions]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Enquiry]) -> QuerySet[Enquiry]:
        if self.value() == "several":
            return queryset.filter(region__isnull=True)
        return queryset.filter(region__slug=self.value()) if self.value() else queryset


@admin.register(Enquiry)
class EnquiryAdmin(EnquirySteps):
    """A co-ordinator reaches the enquiries of their own regions, by any route; editors none."""

    list_display = (
        "reference",
        "priority",
        "answer_by",
        "standing",
        "topic",
        "region_name",
        "assigned_to",
        "received_at",
    )
    list_filter = (ShownFilter, RegionFilter, "topic")
    search_fields = ("reference",)
    search_help_text = "Search by reference."
    change_list_template = "contact/admin/inbox.html"
    actions = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[Enquiry]:
        return self.visible(request).select_related("assigned_to")

    def get_ordering(self, request: HttpRequest) -> Any:
        return MOST_URGENT_FIRST

    @admin.display(description="priority")
    def priority(self, enquiry: Enquiry) -> str:
        return "Complex case" if enquiry.is_urgent else ""

    @admin.display(description="answer by", ordering="due_on")
    def answer_by(self, enquiry: Enquiry) -> date | None:
        return enquiry.due_on if enquiry.is_open else None

    @admin.display(description="region", ordering="region__position")
    def region_name(self, enquiry: Enquiry) -> str:
        return enquiry.region_name

    @admin.display(description="state", ordering="state")
    def standing(self, enquiry: Enquiry) -> str:
        """Return its state and what is wrong with it, if anything."""
        notes = [enquiry.get_state_display()]
        if enquiry.is_open and enquiry.due_on < timezone.localdate():
            notes.append("overdue")
        if enquiry.needs_telephone:
            notes.append("telephone the sender")
        if enquiry.has_notice_bounced:
            notes.append("mail to a colleague did not arrive")
        if enquiry.unreadable_since:
            notes.append("cannot be read")
        return ", ".join(notes)

    def get_urls(self) -> list[URLPattern]:
        show = step_paths(
            self,
            self.visible,
            {"show": ("contact.view_enquiry", self._show)},
            missing=self.missing,
        )
        person = path(
            "person/",
            self.admin_site.admin_view(partial(person_page, self)),
            name="contact_enquiry_person",
        )
        erase = path(
            "person/erase/",
            self.admin_site.admin_view(partial(erase_page, self)),
            name="contact_enquiry_erase",
        )
        return [erase, person, *show, *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        rows = Enquiry.objects.visible_to(request.user, on=timezone.localdate())
        figures = overview(rows, at=timezone.now())
        context = {
            "title": "Enquiries",
            "figures": figures,
            "may_handle_personal_data": request.user.has_perm(MAY_HANDLE_PERSONAL_DATA),
            **(extra_context or {}),
        }
        return super().changelist_view(request, context)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show how one enquiry stands and what can be done, but nothing that was typed."""
        enquiry = self._reachable(request, object_id)
        if request.method not in {"GET", "HEAD"}:
            raise PermissionDenied
        return self._page(request, enquiry, shows_text=False)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Lead to the enquiry: what was done with it stands there."""
        enquiry = self._reachable(request, object_id)
        return redirect("admin:contact_enquiry_change", enquiry.pk)

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Enquiry:
        return self._reachable(request, object_id)

    def _reachable(self, request: HttpRequest, object_id: str) -> Enquiry:
        """Return the enquiry; another region's is simply not there."""
        if not is_key(object_id):
            raise Http404
        if not self.has_view_permission(request):
            raise Http404
        enquiry = self.visible(request).filter(pk=object_id).first()
        if enquiry is None:
            raise MissingError(self.missing(request, int(object_id)))
        return enquiry

    def _show(self, request: HttpRequest, enquiry: Enquiry) -> HttpResponse:
        # A way back to this address leads to the enquiry: only the button shows, and is counted.
        if request.method != "POST":
            return redirect("admin:contact_enquiry_change", enquiry.pk)
        handling.record_reading(enquiry=enquiry, by=user_of(request))
        return self._page(request, enquiry, shows_text=True)

    def _page(self, request: HttpRequest, enquiry: Enquiry, *, shows_text: bool) -> HttpResponse:
        possible = [str(step) for step in steps_from(enquiry.state, is_urgent=enquiry.is_urgent)]
        if request.user.has_perm(MAY_HANDLE_PERSONAL_DATA):
            possible.append("free" if enquiry.is_kept else "keep")
        typed: dict[str, str | None] = {}
        events = enquiry.events.select_related("by", "to", "from_region", "to_region").with_notes()
        if shows_text:
            [opened] = Enquiry.objects.filter(pk=enquiry.pk).opened_where_possible()
            typed = {name: readable(opened, name) for name in sealed_columns(Enquiry)}
        address = typed.get("email")
        subject = quote(f"Your enquiry {enquiry.reference}")
        return step_page(
            self,
            request,
            "contact/admin/enquiry.html",
            title=f"Enquiry {enquiry.reference}",
            row=enquiry,
            shows_text=shows_text,
            typed=typed,
            is_overdue=enquiry.is_open and enquiry.due_on < timezone.localdate(),
            notice=notice_of(enquiry),
            events=[
                (event, readable(event, "note") if shows_text else None)
                for event in (events.opened_where_possible() if shows_text else events)
            ],
            steps=[
                (
                    name,
                    STEPS[name].title,
                    reverse(f"admin:contact_enquiry_{name}", args=[enquiry.pk]),
                )
                for name in possible
                if request.user.has_perm(STEPS[name].permission)
            ],
            mailto=f"mailto:{quote(address, safe='@')}?subject={subject}" if address else "",
        )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Enquiry | None = None) -> bool:
        """Nobody alters an enquiry in a form: there is a step for whatever is done with it."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Enquiry | None = None) -> bool:
        return False
