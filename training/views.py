"""The lists of sessions to come and past, and a page for each session."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.safestring import mark_safe
from django.views.generic import DetailView, ListView
from django.views.generic.base import ContextMixin

from govuk.dates import time_words, weekday_date_words
from regions.models import Region
from training.academic_years import by_academic_year
from training.models import Session, SessionQuerySet, Track
from training.session_facts import SessionFacts, SessionRow
from training.structured_data import event, script_text

# Where a reader looks for whom there is no date in one track: text and url.
OTHER_DATES: Final = {
    "text": "See the dates of other training",
    "url": reverse_lazy("training:list"),
}


@dataclass(frozen=True, slots=True)
class YearOfSessions:
    """The lines of one academic year's table."""

    label: str
    rows: list[SessionRow]


@dataclass(frozen=True, slots=True)
class TrackDates:
    """A track with what is to come: the next date, the next with places, and all by year."""

    track: Track
    next_date: Session | None
    next_with_places: Session | None
    years: list[YearOfSessions]


@dataclass(frozen=True, slots=True)
class FollowedCalendar:
    """A calendar that readers can follow: what it is called, and its absolute address."""

    name: str
    url: str

    @property
    def webcal_url(self) -> str:
        """The address as telephones and Macs take it: they open their calendar."""
        return "webcal:" + self.url.partition(":")[2]


class InRegion(ContextMixin):
    """Narrows a page to one region's sessions by `?region=`; an unknown one is passed over."""

    request: HttpRequest

    @cached_property
    def regions(self) -> list[Region]:
        return list(Region.objects.all())

    @cached_property
    def region(self) -> Region | None:
        asked = self.request.GET.get("region", "")
        return next((region for region in self.regions if region.slug == asked), None)

    def sessions(self) -> SessionQuerySet:
        """The sessions that this page may list."""
        public = Session.objects.public().with_relations()
        return public.for_region(self.region.slug) if self.region else public

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            section="training",
            regions=self.regions,
            region=self.region,
            region_is_unknown=bool(self.request.GET.get("region")) and not self.region,
            **kwargs,
        )

    def followed_calendar(self, name: str, address: str) -> FollowedCalendar:
        """Return the calendar at an address of this site, narrowed as the page is."""
        url = settings.SITE_URL + address
        if not self.region:
            return FollowedCalendar(name, url)
        query = urlencode({"region": self.region.slug})
        return FollowedCalendar(f"{name}: {self.region.name}", f"{url}?{query}")


class TrackList(InRegion, ListView):
    """Every track with its next date and all that is to come."""

    template_name = "training/list.html"

    def get_queryset(self) -> QuerySet[Track]:
        return Track.objects.all()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        at = timezone.now()
        upcoming = list(self.sessions().upcoming(at=at))
        return super().get_context_data(
            tracks=list(self.object_list),
            dates_by_track=[
                _track_dates(track, [s for s in upcoming if s.track_id == track.pk], at)
                for track in self.object_list
            ],
            has_dates=bool(upcoming),
            calendar=self.followed_calendar("Prevent training", reverse("training:calendar")),
            breadcrumbs=_breadcrumbs(),
            instead=what_to_do_instead(self.region),
            **kwargs,
        )


class TrackPage(InRegion, DetailView):
    """One track: what it is about, and what is to come."""

    template_name = "training/track.html"

    @cached_property
    def tracks(self) -> list[Track]:
        return list(Track.objects.all())

    def get_object(self, queryset: QuerySet[Track] | None = None) -> Track:
        for track in self.tracks:
            if track.slug == self.kwargs["slug"]:
                return track
        raise Http404

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        at = timezone.now()
        upcoming = self.sessions().filter(track=self.object).upcoming(at=at)
        return super().get_context_data(
            tracks=self.tracks,
            dates=_track_dates(self.object, list(upcoming), at),
            calendar=self.followed_calendar(
                self.object.name, reverse("training:track-calendar", args=[self.object.slug])
            ),
            breadcrumbs=_breadcrumbs(in_training=True),
            instead=[*what_to_do_instead(self.region), OTHER_DATES],
            **kwargs,
        )


class PastSessions(InRegion, ListView):
    """Sessions that have ended, newest first."""

    template_name = "training/past.html"
    paginate_by = 30

    def get_queryset(self) -> SessionQuerySet:
        # Kept for the rows: a session that ends meanwhile must not be on the page twice.
        self.at = timezone.now()
        return self.sessions().past(at=self.at)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(breadcrumbs=_breadcrumbs(in_training=True), **kwargs)
        context["years"] = _years(context["object_list"], self.at)
        return context


class SessionPage(DetailView):
    """One session. It stays at its address when it is past or cancelled, and says so."""

    template_name = "training/session.html"

    def get_queryset(self) -> SessionQuerySet:
        return Session.objects.public().with_relations()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        at = timezone.now()
        session: Session = self.object
        facts = session.facts()
        others = Session.objects.public().filter(track=session.track).exclude(pk=session.pk)
        if session.region:
            others = others.for_region(session.region.slug)
        data = event(
            facts,
            name=session.display_title,
            description=session.track.summary,
            page_url=settings.SITE_URL + facts.url,
            at=at,
        )
        return super().get_context_data(
            section="training",
            facts=facts,
            is_past=facts.is_past(at),
            next_with_places=others.bookable(at=at).with_relations().first(),
            moved_words=f"This session has a new date or time. It was {_earlier(facts)}.",
            details=_details(session, facts),
            # Safe: script_text leaves no character that could end the script element.
            event_json=mark_safe(script_text(data)),
            breadcrumbs=_breadcrumbs(track=session.track, in_training=True),
            instead=[*what_to_do_instead(session.region), OTHER_DATES],
            **kwargs,
        )


def what_to_do_instead(region: Region | None) -> list[dict[str, str]]:
    """Return links for a reader for whom there is no date: text and url, the likeliest first."""
    place = {"region": region.slug} if region else {}
    form = reverse("contact:form")
    return [
        {
            "text": "Ask your co-ordinator about training",
            "url": f"{form}?{urlencode({'topic': 'training', **place})}",
        },
        {
            "text": f"See what {region.name} offers",
            "url": region.get_absolute_url(),
        }
        if region
        else {
            "text": "Find your co-ordinator, and what your region offers",
            "url": reverse("regions:find"),
        },
        {
            "text": "Get your region’s newsletter, which announces new training",
            "url": f"{form}?{urlencode({'topic': 'newsletter', **place})}",
        },
    ]


def _track_dates(track: Track, upcoming: list[Session], at: datetime) -> TrackDates:
    going_ahead = [s for s in upcoming if s.status != Session.Status.CANCELLED]
    with_places = [s for s in going_ahead if s.status == Session.Status.SCHEDULED]
    return TrackDates(
        track=track,
        next_date=next(iter(going_ahead), None),
        next_with_places=next(iter(with_places), None),
        years=_years(upcoming, at, under_track=True),
    )


def _years(
    sessions: Iterable[Session], at: datetime, *, under_track: bool = False
) -> list[YearOfSessions]:
    """Return the sessions as tables of an academic year each, in the order given."""
    return [
        YearOfSessions(
            label=year.label,
            rows=[session.facts().row(at, under_track=under_track) for session in of_year],
        )
        for year, of_year in by_academic_year(sessions, lambda session: session.starts_at)
    ]


def _details(session: Session, facts: SessionFacts) -> list[dict[str, str]]:
    """Return the facts of a session as rows of a summary list."""
    return [
        {"key": "Date", "value": facts.weekday_date},
        {"key": "Time", "value": f"{facts.time_range}, UK time ({facts.duration})"},
        *([{"key": "Moved from", "value": _earlier(facts)}] if facts.moved_from else []),
        {"key": "For", "value": session.track.audience},
        {
            "key": "Region",
            "value": f"{session.region.name} only" if session.region else "All of England",
        },
        {"key": "Where", "value": "Online"},
    ]


def _earlier(facts: SessionFacts) -> str:
    """Return when it began before it was moved: "Tuesday 9 February 2027, 3:30pm"; or ""."""
    moved = facts.moved_from
    return f"{weekday_date_words(moved)}, {time_words(moved)}" if moved else ""


def _breadcrumbs(*, in_training: bool = False, track: Track | None = None) -> list[dict[str, str]]:
    """Return the way back up to the home page: text and url."""
    items = [{"text": "Home", "url": reverse("home")}]
    if in_training:
        items.append({"text": "Training", "url": reverse("training:list")})
    if track:
        items.append({"text": track.name, "url": track.get_absolute_url()})
    return items
