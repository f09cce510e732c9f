"""Regions, posts, co-ordinators and places in the admin."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from string import capwords
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from accounts.sign_in import user_of
from backoffice.audit import AuditedAdmin, GuardedLookups
from backoffice.checking_admin import CheckedFilter, MarksAsChecked
from backoffice.locking import OptimisticLocking
from backoffice.one_line import OneLineTexts
from backoffice.permissions import Kept, ReadOnly
from regions.actions.pointing import telling_of_changes
from regions.models import (
    Absence,
    Area,
    Coordinator,
    LocalContact,
    NationalDownload,
    NationalFile,
    Place,
    PlaceTarget,
    Post,
    Region,
    Unfound,
)
from regions.recipients import answering_post


class AreaInline(Kept, admin.TabularInline):
    model = Area
    extra = 0
    fields = ("name", "is_listed", "is_in_england")
    readonly_fields = fields
    show_change_link = False


@admin.register(Region)
class RegionAdmin(OptimisticLocking, Kept, AuditedAdmin):
    """The eight regions. Their areas come with load_reference."""

    list_display = ("name", "post_count")
    fields = ("name", "newsletter_text")
    readonly_fields = ("name",)
    inlines = (AreaInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Region]:
        return super().get_queryset(request).prefetch_related("posts")

    @admin.display(description="posts")
    def post_count(self, region: Region) -> int:
        return len(region.posts.all())


class TellsOfChanges(admin.ModelAdmin):
    """Rows that say who gets or reads enquiries: both sides hear by mail what is changed."""

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show or store the row's form."""
        with self._telling(request):
            return super().changeform_view(request, *args, **kwargs)

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Ask before the row is deleted, or delete it."""
        with self._telling(request):
            return super().delete_view(request, *args, **kwargs)

    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the list, or delete what was chosen in it."""
        with self._telling(request):
            return super().changelist_view(request, *args, **kwargs)

    def _telling(self, request: HttpRequest) -> AbstractContextManager[None]:
        if request.method == "POST":
            return telling_of_changes(by=user_of(request))
        return nullcontext()


class AbsenceInline(admin.TabularInline):
    model = Absence
    fk_name = "post"
    extra = 0
    verbose_name_plural = "Days away: cover starts and ends with them by itself"


@admin.register(Post)
class PostAdmin(TellsOfChanges, OptimisticLocking, AuditedAdmin):
    """Who gets a region's enquiries, and who covers."""

    list_display = ("title", "region", "remit", "holder", "is_vacant", "answered_by")
    list_filter = ("region", "remit", "is_vacant")
    list_select_related = ("region", "holder")
    search_fields = ("title", "region__name", "holder__name")
    inlines = (AbsenceInline,)
    fieldsets = (
        (None, {"fields": ("region", "title", "remit", "position")}),
        (
            "Who answers",
            {
                "fields": ("holder", "is_vacant", "mailbox", "covered_by"),
                "description": "An enquiry goes to the mailbox, or to the holder where there is "
                "none. While the post is vacant or its holder is away, it goes to the post that "
                "covers, and to the national team where none does. The addresses that got them "
                "and those that get them from now on are told of each change by mail, and so is "
                "the national team.",
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Post]:
        return (
            super()
            .get_queryset(request)
            .prefetch_related(
                *(
                    f"{path}{relation}"
                    for path in ("", "covered_by__", "absences__covered_by__")
                    for relation in ("absences", "holder", "region")
                )
            )
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Post | None = None) -> tuple[str, ...]:
        """A post stays in its region: its holder would see the enquiries of another."""
        return ("region", "holder_name") if obj else ("holder_name",)

    def get_fieldsets(self, request: HttpRequest, obj: Post | None = None) -> Any:
        """Return the form's parts. A name is no link for who may not see what it leads to."""
        if request.user.has_perm("regions.view_coordinator"):
            return super().get_fieldsets(request, obj)
        return [
            (
                heading,
                {
                    **options,
                    "fields": [
                        "holder_name" if name == "holder" else name for name in options["fields"]
                    ],
                },
            )
            for heading, options in self.fieldsets
        ]

    @admin.display(description="holder", empty_value="nobody")
    def holder_name(self, post: Post) -> str | None:
        return post.holder.name if post.holder else None

    @admin.display(description="answers today")
    def answered_by(self, post: Post) -> str:
        """Return who answers, by the rule of routing, of the posts that it could name."""
        named = [post, post.covered_by, *(absence.covered_by for absence in post.absences.all())]
        posts = {each.pk: each for each in named if each is not None}
        answering = answering_post(
            post.facts(),
            timezone.localdate(),
            {key: each.facts() for key, each in posts.items()},
        )
        if answering is None:
            return "the national team"
        return "the post itself" if answering.id == post.pk else str(posts[answering.id])


@admin.register(Coordinator)
class CoordinatorAdmin(TellsOfChanges, OptimisticLocking, AuditedAdmin):
    """People who hold posts. Readers see a name only where its owner agreed."""

    list_display = ("name", "email", "user", "shows_name")
    list_select_related = ("user",)
    search_fields = ("name", "email")


class PlaceTargetFormSet(forms.BaseInlineFormSet):
    """A place in England points somewhere, or it would never be found."""

    def clean(self) -> None:
        super().clean()
        targets = [
            form for form in self.forms if form.cleaned_data and not form.cleaned_data.get("DELETE")
        ]
        if not targets and not self.instance.is_outside_england and not any(self.errors):
            raise ValidationError("Choose the area that it is in, or tick “outside England” above.")


class PlaceTargetInline(OneLineTexts, admin.TabularInline):
    model = PlaceTarget
    formset = PlaceTargetFormSet
    extra = 1
    fields = ("area", "region", "label", "position")


@admin.register(Place)
class PlaceAdmin(OptimisticLocking, GuardedLookups):
    """Names that people type. Add one when readers ask for a place and it is not found."""

    list_display = ("name", "stands_for", "kind", "is_outside_england", "is_reference")
    list_filter = ("kind", "is_outside_england", "is_reference")
    search_fields = ("name", "stands_for")
    fields = ("name", "stands_for", "kind", "is_outside_england")
    inlines = (PlaceTargetInline,)

    def has_change_permission(self, request: HttpRequest, obj: Place | None = None) -> bool:
        """Refuse to change a shipped name: load_reference would undo it."""
        if obj is not None and obj.is_reference:
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Place | None = None) -> bool:
        if obj is not None and obj.is_reference:
            return False
        return super().has_delete_permission(request, obj)


@admin.register(LocalContact)
class LocalContactAdmin(OptimisticLocking, MarksAsChecked, AuditedAdmin):
    """Whom to ask nearby. Readers see those that somebody has checked, beside their region."""

    list_display = ("label", "kind", "serves", "owner", "checked_on")
    list_filter = (CheckedFilter, "kind")
    list_select_related = ("council", "area")
    search_fields = ("label", "owner", "council__name", "area__name")
    fieldsets = (
        (None, {"fields": ("kind", "label")}),
        ("Whom it serves", {"fields": ("council", "area")}),
        (
            "How to reach it",
            {
                "fields": ("address", "telephone", "email"),
                "description": "Give at least one. Readers see all that you give.",
            },
        ),
        ("How sure it is", {"fields": ("owner", "checked_on")}),
    )

    @admin.display(description="serves")
    def serves(self, contact: LocalContact) -> str:
        return contact.serves


@admin.register(Unfound)
class UnfoundAdmin(Kept, admin.ModelAdmin):
    """What readers typed in the last 90 days and the finder does not know; often first."""

    list_display = ("key", "total", "day", "add_link")
    list_display_links = None
    search_fields = ("key",)
    fields = ("key", "day", "times")
    readonly_fields = fields

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Unfound]:
        return Unfound.objects.totals().still_unknown()

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        return ("-total", "key")

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        """The link to add a name is for those who may add one."""
        if request.user.has_perm("regions.add_place"):
            return self.list_display
        return tuple(name for name in self.list_display if name != "add_link")

    @admin.display(description="times in 90 days", ordering="total")
    def total(self, unfound: Unfound) -> int:
        return unfound.total  # type: ignore[attr-defined]  # Annotated by totals().

    @admin.display(description="step")
    def add_link(self, unfound: Unfound) -> str:
        query = urlencode({"name": capwords(unfound.key)})
        return format_html(
            '<a href="{}?{}">Add this name</a>', reverse("admin:regions_place_add"), query
        )


@admin.register(NationalFile)
class NationalFileAdmin(ReadOnly, admin.ModelAdmin):
    """Which postcodes and schools the finder knows, from when they are and where they came from."""

    list_display = ("kind", "released", "source", "name", "rows", "stored_at")
    fields = list_display

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, object] | None = None
    ) -> HttpResponse:
        """Say above the list what is not there, and who can bring in what is new."""
        missing = [
            f"No {kind.label} are loaded. "
            for kind in NationalFile.Kind
            if not NationalFile.objects.filter(kind=kind).exists()
        ]
        sentence = "Whoever runs the site can bring in newer files: docs/data.md says how."
        told = {"subtitle": "".join(missing) + sentence}
        return super().changelist_view(request, {**told, **(extra_context or {})})

    @admin.display(description="release", ordering="release")
    def released(self, file: NationalFile) -> str:
        return file.release_words or "not known"


@admin.register(NationalDownload)
class NationalDownloadAdmin(ReadOnly, admin.ModelAdmin):
    """When each national file was last fetched, and what came of it."""

    list_display = ("kind", "begun_at", "outcome")
    fields = list_display

    @admin.display(description="outcome", ordering="failure")
    def outcome(self, download: NationalDownload) -> str:
        return download.failure or "It went well."
