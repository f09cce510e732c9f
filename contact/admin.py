"""Enquiries in the admin: to read, by those whose region it is."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.utils import timezone

from contact.models import Enquiry


@admin.register(Enquiry)
class EnquiryAdmin(admin.ModelAdmin):
    """A co-ordinator sees the enquiries of their own regions, by any route; editors see none."""

    list_display = ("reference", "received_at", "region_name", "topic", "setting", "state")
    list_filter = ("state", "topic", "setting")
    date_hierarchy = "received_at"
    search_fields = ("reference",)
    search_help_text = "Search by reference."
    list_select_related = ("region",)
    # In words: the rows themselves are for editors, and a link would lead to a refusal.
    readonly_fields = ("region_name", "area_name", "post_name")
    fieldsets = (
        (
            None,
            {"fields": ("reference", "received_at", "state", "topic", "setting", "message")},
        ),
        (
            "Who wrote",
            {"fields": ("full_name", "email", "telephone", "organisation", "role")},
        ),
        (
            "Where it is about, and why it came here",
            {"fields": ("place", "region_name", "area_name", "post_name", "reason", "is_override")},
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Enquiry]:
        return super().get_queryset(request) & Enquiry.objects.visible_to(
            request.user, on=timezone.localdate()
        )

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Enquiry:
        """Return the enquiry; another region's is simply not there."""
        enquiry = super().get_object(request, object_id, from_field)
        if enquiry is None:
            raise Http404
        return enquiry

    @admin.display(description="region", ordering="region__position")
    def region_name(self, enquiry: Enquiry) -> str:
        return enquiry.region_name

    @admin.display(description="area")
    def area_name(self, enquiry: Enquiry) -> str:
        return str(enquiry.area or "")

    @admin.display(description="post")
    def post_name(self, enquiry: Enquiry) -> str:
        return str(enquiry.post or "")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Enquiry | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Enquiry | None = None) -> bool:
        return False
