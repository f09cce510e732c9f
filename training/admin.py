"""Tracks and sessions in the admin, where editors keep the dates right."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminURLFieldWidget
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Max, Min, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from accounts.audit import AuditedAdmin
from accounts.models import User
from govuk.dates import weekday_date_words
from regions.models import Region
from training.academic_years import AcademicYear
from training.actions import cancel_sessions, copy_session, mark_sessions_full
from training.forms import CopySessionForm
from training.models import Session, SessionQuerySet, Track


@admin.register(Track)
class TrackAdmin(admin.ModelAdmin):
    """For whom sessions are."""

    list_display = ("name", "audience", "slug", "position")
    search_fields = ("name", "audience")

    def get_readonly_fields(
        self, request: HttpRequest, obj: Track | None = None
    ) -> tuple[str, ...]:
        # People have saved its address.
        return ("slug",) if obj else ()

    def get_prepopulated_fields(
        self, request: HttpRequest, obj: Track | None = None
    ) -> dict[str, Sequence[str]]:
        return {} if obj else {"slug": ("name",)}


class WhenFilter(admin.SimpleListFilter):
    """To come, or ended."""

    title = "when"
    parameter_name = "when"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("upcoming", "to come"), ("past", "ended")]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Session]
    ) -> QuerySet[Session] | None:
        sessions = cast("SessionQuerySet", queryset)
        if self.value() == "upcoming":
            return sessions.upcoming(at=timezone.now())
        if self.value() == "past":
            return sessions.past(at=timezone.now())
        return None


class AcademicYearFilter(admin.SimpleListFilter):
    """1 September to 31 August, for the years that have sessions."""

    title = "academic year"
    parameter_name = "year"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        span = Session.objects.aggregate(first=Min("starts_at"), last=Max("starts_at"))
        if span["first"] is None:
            return []
        newest, oldest = AcademicYear.of(span["last"]), AcademicYear.of(span["first"])
        years = [AcademicYear(start) for start in range(newest.start, oldest.start - 1, -1)]
        return [(str(year.start), year.label) for year in years]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Session]
    ) -> QuerySet[Session] | None:
        if self.value() not in {value for value, _ in self.lookup_choices}:
            return None
        year = AcademicYear(int(self.value() or 0))
        return queryset.filter(starts_at__gte=year.first_moment, starts_at__lt=year.end_moment)


class SessionForm(forms.ModelForm):
    class Meta:
        model = Session
        fields = (
            "track",
            "title",
            "starts_at",
            "ends_at",
            "registration_url",
            "status",
            "region",
        )
        # Not a URLField: its own complaint would hide the sentences of registration_fault.
        widgets = {"registration_url": AdminURLFieldWidget}


@admin.register(Session)
class SessionAdmin(AuditedAdmin, admin.ModelAdmin):
    """The dates: add, copy, mark as full, cancel."""

    form = SessionForm
    list_display = ("date", "time", "session", "for_region", "status", "has_link")
    list_filter = (WhenFilter, "track", "status", "region", AcademicYearFilter, "is_example")
    list_select_related = ("track", "region")
    date_hierarchy = "starts_at"
    search_fields = ("title", "track__name", "region__name", "registration_url")
    ordering = ("-starts_at", "-pk")
    actions = ("cancel_selected", "mark_selected_full")
    change_form_template = "training/admin/session_change_form.html"

    @admin.display(description="date", ordering="starts_at")
    def date(self, session: Session) -> str:
        return weekday_date_words(session.starts_at)

    @admin.display(description="UK time")
    def time(self, session: Session) -> str:
        return session.time_range

    @admin.display(description="session", ordering="track__position")
    def session(self, session: Session) -> str:
        return session.display_title

    @admin.display(description="region", ordering="region__position", empty_value="all")
    def for_region(self, session: Session) -> Region | None:
        return session.region

    @admin.display(description="link", boolean=True)
    def has_link(self, session: Session) -> bool:
        return bool(session.registration_url)

    @admin.action(description="Cancel the selected sessions", permissions=["change"])
    def cancel_selected(self, request: HttpRequest, queryset: SessionQuerySet) -> None:
        upcoming = queryset.upcoming(at=timezone.now())
        changed = cancel_sessions(sessions=upcoming, by=_user(request))
        self._say(request, queryset, changed, done="cancelled", already="cancelled")

    @admin.action(description="Mark as full", permissions=["change"])
    def mark_selected_full(self, request: HttpRequest, queryset: SessionQuerySet) -> None:
        upcoming = queryset.upcoming(at=timezone.now())
        changed = mark_sessions_full(sessions=upcoming, by=_user(request))
        self._say(request, queryset, changed, done="marked as full", already="full or cancelled")

    def _say(
        self,
        request: HttpRequest,
        selected: SessionQuerySet,
        changed: int,
        *,
        done: str,
        already: str,
    ) -> None:
        """Tell how many were changed, and why others were left."""
        if changed:
            word = "session" if changed == 1 else "sessions"
            self.message_user(request, f"{changed} {word} {done}.", messages.SUCCESS)
        left = selected.count() - changed
        if left:
            self.message_user(
                request,
                f"Left as they were: {left}. They have ended, or are {already} already. "
                "To correct one that has ended, open it.",
                messages.WARNING,
            )

    def save_model(
        self, request: HttpRequest, obj: Session, form: forms.ModelForm, change: bool
    ) -> None:
        super().save_model(request, obj, form, change)
        self._warn(request, obj, at=timezone.now())

    def _warn(self, request: HttpRequest, session: Session, *, at: datetime) -> None:
        """Point out what is allowed and yet may be a slip."""
        if session.ends_at <= at:
            self.message_user(
                request,
                f"{weekday_date_words(session.starts_at)} is in the past: "
                "readers find the session only among the past ones.",
                messages.WARNING,
            )
        elif not session.registration_url and session.status == Session.Status.SCHEDULED:
            self.message_user(
                request,
                "There is no registration link yet: readers are told that it is to follow.",
                messages.WARNING,
            )

    def get_urls(self) -> list[URLPattern]:
        copy = path(
            "<int:pk>/copy/",
            self.admin_site.admin_view(self.copy_view),
            name="training_session_copy",
        )
        return [copy, *super().get_urls()]

    def copy_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask when the copy starts, make it, and lead to it for its registration link."""
        session = Session.objects.with_relations().filter(pk=pk).first()
        if not self.has_add_permission(request) or not self.has_view_permission(request, session):
            raise PermissionDenied
        if session is None:
            raise Http404
        form = CopySessionForm(request.POST or None, initial={"starts_at": session.starts_at})
        if form.is_valid():
            try:
                copy = copy_session(
                    session=session,
                    starts_at=form.cleaned_data["starts_at"],
                    by=_user(request),
                )
            except ValidationError as error:
                form.add_error(None, ValidationError(error.messages))
            else:
                return self._answer_copy(request, copy)
        return TemplateResponse(
            request,
            "training/admin/copy_session.html",
            {
                **self.admin_site.each_context(request),
                "opts": self.opts,
                "title": "Copy to a new date",
                "subtitle": str(session),
                "session": session,
                "form": form,
            },
        )

    def _answer_copy(self, request: HttpRequest, copy: Session) -> HttpResponse:
        self.log_addition(request, copy, "Copied to a new date.")
        self.message_user(
            request,
            f"Copied to {weekday_date_words(copy.starts_at)}, {copy.time_range}. "
            "Add its registration link once you have it.",
            messages.SUCCESS,
        )
        self._warn(request, copy, at=timezone.now())
        if self.has_change_permission(request, copy):
            return HttpResponseRedirect(reverse("admin:training_session_change", args=[copy.pk]))
        return HttpResponseRedirect(reverse("admin:training_session_changelist"))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        # Who may not add sessions is offered no copy.
        context["may_copy"] = self.has_add_permission(request)
        return super().render_change_form(request, context, *args, **kwargs)


def _user(request: HttpRequest) -> User:
    """Return who is signed in: the admin lets nobody else in."""
    return cast("User", request.user)
