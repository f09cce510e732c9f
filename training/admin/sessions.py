"""The list of sessions in the admin, and the form of one session."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminURLFieldWidget
from django.db.models import Max, Min, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from accounts.sign_in import user_of
from backoffice.audit import AuditedAdmin
from backoffice.locking import OptimisticLocking
from backoffice.steps import step_page
from govuk.dates import weekday_date_words
from regions.models import Region
from training.academic_years import AcademicYear
from training.admin.csv_file import CsvFiles
from training.admin.paste import PastedDates
from training.admin.steps import STATUS_CHANGES, SessionSteps, StatusChange, warn
from training.models import Session, SessionQuerySet


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


class LinkFilter(admin.SimpleListFilter):
    """Whose registration link is missing, or does not work."""

    title = "registration link"
    parameter_name = "link"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("broken", "broken"), ("none", "to follow")]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Session]
    ) -> QuerySet[Session] | None:
        if self.value() == "broken":
            upcoming = cast("SessionQuerySet", queryset).upcoming(at=timezone.now())
            return upcoming.with_broken_link()
        if self.value() == "none":
            return queryset.filter(registration_url="")
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
    """A session. That another start is a correction is said with the change, and not stored."""

    corrects_mistake = forms.BooleanField(
        label="This corrects a mistake",
        required=False,
        help_text="Tick if the date or time was never right: readers are then not told that the "
        "session has moved. Their calendars change all the same.",
    )

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
class SessionAdmin(OptimisticLocking, SessionSteps, PastedDates, CsvFiles, AuditedAdmin):
    """The dates: add, copy, mark as full, cancel."""

    form = SessionForm
    list_display = ("date", "time", "session", "for_region", "status", "link", "steps")
    list_filter = (
        WhenFilter,
        LinkFilter,
        "track",
        "status",
        "region",
        AcademicYearFilter,
        "is_example",
    )
    list_select_related = ("track", "region")
    date_hierarchy = "starts_at"
    search_help_text = "Search by title, track, region or link. For a date, choose its year above."
    search_fields = ("title", "track__name", "region__name", "registration_url")
    ordering = ("-starts_at", "-pk")
    actions = ("mark_selected_full", "cancel_selected")
    change_form_template = "training/admin/session_change_form.html"
    change_list_template = "training/admin/session_change_list.html"

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

    @admin.display(description="link")
    def link(self, session: Session) -> str:
        if not session.registration_url:
            return "to follow"
        fault = getattr(session, "link_fault", "")
        return f"Broken: {fault}" if fault else "yes"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Session]:
        return cast("SessionQuerySet", super().get_queryset(request)).with_link_fault()

    @admin.display(description="do")
    def steps(self, session: Session) -> SafeString:
        """Links to what can be done with it from the list."""
        steps = ["copy"]
        if session.ends_at > timezone.now():
            steps += {
                Session.Status.SCHEDULED: ["full", "cancel"],
                Session.Status.FULL: ["undo", "cancel"],
            }.get(Session.Status(session.status), ["undo"])
        links = (
            (
                reverse(f"admin:training_session_{step}", args=[session.pk]),
                step.capitalize(),
                session,
            )
            for step in steps
        )
        link = '<a class="rpec-do" href="{0}" aria-label="{1}: {2}">{1}</a>'
        return format_html_join(" ", link, links)

    @admin.action(description="Mark as full", permissions=["change"])
    def mark_selected_full(
        self, request: HttpRequest, queryset: SessionQuerySet
    ) -> HttpResponse | None:
        return self._change_several(request, queryset, STATUS_CHANGES["full"])

    @admin.action(description="Cancel the selected sessions", permissions=["change"])
    def cancel_selected(
        self, request: HttpRequest, queryset: SessionQuerySet
    ) -> HttpResponse | None:
        return self._change_several(request, queryset, STATUS_CHANGES["cancel"])

    def _change_several(
        self, request: HttpRequest, selected: SessionQuerySet, change: StatusChange
    ) -> HttpResponse | None:
        """Show which sessions it would be, then change them and say how many were left."""
        upcoming = selected.upcoming(at=timezone.now())
        if "confirm" not in request.POST:
            return step_page(
                self,
                request,
                "training/admin/several.html",
                title=change.title,
                row=None,
                form=forms.Form(),
                sessions=upcoming.with_relations(),
                selected=request.POST.getlist("_selected_action"),
                action=request.POST["action"],
                button=change.title,
            )
        changed = change.act(sessions=upcoming, by=user_of(request))
        if changed:
            word = "session" if changed == 1 else "sessions"
            self.message_user(request, f"{changed} {word} {change.done}.", messages.SUCCESS)
        left = selected.count() - changed
        if left:
            self.message_user(
                request,
                f"Left as they were: {left}. They have ended, or are {change.already} already. "
                "To correct one that has ended, open it.",
                messages.WARNING,
            )
        return None

    def save_model(
        self, request: HttpRequest, obj: Session, form: forms.ModelForm, change: bool
    ) -> None:
        obj.corrects_mistake = form.cleaned_data.get("corrects_mistake", False)
        super().save_model(request, obj, form, change)
        warn(self, request, obj, at=timezone.now())

    def get_fields(self, request: HttpRequest, obj: Session | None = None) -> list[Any]:
        """Return the form's fields. There is no mistake yet in what is added."""
        fields = [*super().get_fields(request, obj)]
        return fields if obj else [name for name in fields if name != "corrects_mistake"]

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        """Return the columns; who may only look is offered no steps."""
        may_act = self.has_add_permission(request) and self.has_change_permission(request)
        return self.list_display if may_act else self.list_display[:-1]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        # Who may not add sessions is offered no copy.
        context["may_copy"] = self.has_add_permission(request)
        context["link_fault"] = getattr(context.get("original"), "link_fault", "")
        return super().render_change_form(request, context, *args, **kwargs)
