"""Sessions as calendars: one, a track's, all."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.generic import View

from regions.models import Region
from training.calendars import Entry, calendar
from training.models import Session, SessionQuerySet, Track


class SessionCalendar(View):
    """One session, to be put into a calendar. It stays as long as its page does."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        session = get_object_or_404(Session.objects.public().with_relations(), pk=pk)
        response = _answer(request, [session], name=session.display_title)
        # A telephone offers to add what is sent as a file; what it merely shows it may not.
        response["Content-Disposition"] = f'attachment; filename="session-{session.pk}.ics"'
        return response


class Calendars(View):
    """A calendar to follow: narrowed to one region by `?region=`, which must exist."""

    name = "Prevent training"

    def sessions(self, **kwargs: Any) -> SessionQuerySet:
        """Return those of this calendar's kind."""
        return Session.objects.public()

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        sessions, name = self.sessions(**kwargs), self.name
        slug = request.GET.get("region", "")
        if slug:
            region = next((region for region in Region.objects.all() if region.slug == slug), None)
            if region is None:
                raise Http404
            sessions, name = sessions.for_region(region.slug), f"{name}: {region.name}"
        sessions = sessions.in_calendars(at=timezone.now()).with_relations()
        return _answer(request, sessions, name=name)


class TrackCalendar(Calendars):
    """One track's sessions."""

    def sessions(self, **kwargs: Any) -> SessionQuerySet:
        track = get_object_or_404(Track, slug=kwargs["slug"])
        self.name = track.name
        return super().sessions().filter(track=track)


def _answer(request: HttpRequest, sessions: Iterable[Session], *, name: str) -> HttpResponse:
    at = timezone.now()
    entries = (
        Entry(
            uid=session.uid,
            sequence=session.sequence,
            changed_at=session.changed_at,
            name=session.display_title,
            facts=(facts := session.facts()),
            is_past=facts.is_past(at),
            page_url=settings.SITE_URL + session.get_absolute_url(),
        )
        for session in sessions
    )
    text = calendar(entries, name=name, source_url=settings.SITE_URL + request.get_full_path())
    return HttpResponse(text, content_type="text/calendar; charset=utf-8")
