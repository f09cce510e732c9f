"""The pages that show several applications' nouns."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.views.generic import DetailView, TemplateView, View

from guidance.actions.loading import PAGE
from guidance.history.timeline import compared_with
from guidance.models import Edition, Link, Page, Withdrawal
from regions.models import LocalContact, Post, Region
from rpec_site.openapi import DOCUMENT, operations
from training.facts import SessionRow
from training.models import Session, Track


class Home(TemplateView):
    """Find your co-ordinator, the next dates, what changed last, contact."""

    template_name = "home.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now = timezone.now()
        last_change, before = last_major_update()
        return super().get_context_data(
            next_sessions=next_sessions(now),
            last_change=last_change,
            last_change_url=last_change and last_change.get_change_url(before),
            withdrawal=guidance_withdrawal(),
            **kwargs,
        )


def last_major_update() -> tuple[Edition | None, Edition | None]:
    """Return the newest major update of any page that holds, with what it is compared with."""
    updates = Edition.objects.public().major().with_note().filter(page__in=Page.objects.public())
    last = updates.select_related("page").newest_first().first()
    if last is None:
        return None, None
    editions = last.page.editions.public().without_content().oldest_first()
    return last, dict(compared_with(list(editions)))[last]


def guidance_withdrawal() -> Withdrawal | None:
    """Return the withdrawal of the guidance itself, while its page does not hold."""
    withdrawn = Edition.objects.shown().filter(page__slug=PAGE, state=Edition.State.WITHDRAWN)
    return Withdrawal.objects.filter(edition__in=withdrawn).first()


def next_sessions(at: datetime) -> list[tuple[Track, SessionRow | None]]:
    """Return each track with its next session that goes ahead, if there is one, in two queries."""
    first: dict[int, SessionRow] = {}
    upcoming = Session.objects.public().upcoming(at=at).going_ahead().with_relations()
    for session in upcoming.filter(region__isnull=True):
        first.setdefault(session.track_id, session.facts().row(at, moved_from=session.moved_from))
    # A track of which only single regions have sessions has no date for everyone.
    tracks = Track.objects.filter(sessions__region__isnull=True, sessions__isnull=False)
    return [(track, first.get(track.pk)) for track in tracks.distinct()]


class GetHelp(TemplateView):
    """Worried about someone: whom to tell, and how. It works while the database does not."""

    template_name = "get_help.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(links=Link.objects.help_addresses(), **kwargs)


class RegionPage(DetailView):
    """One region: its areas, who co-ordinates it, its dates, its newsletter."""

    template_name = "regions/region.html"
    context_object_name = "region"
    extra_context = {"section": "find"}

    def get_queryset(self) -> QuerySet[Region]:
        return Region.objects.with_listed_areas()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now = timezone.now()
        region: Region = self.object
        return super().get_context_data(
            contact_url=f"{reverse('contact:form')}?region={region.slug}",
            posts=Post.objects.lines(region, on=timezone.localdate(now)),
            local_contacts=list(LocalContact.objects.in_region(region).checked()),
            sessions=[
                session.facts().row(now, title=session.display_title, moved_from=session.moved_from)
                for session in Session.objects.public()
                .upcoming(at=now)
                .for_region(region.slug)
                .with_relations()
            ],
            **kwargs,
        )


class SecurityTxt(TemplateView):
    """Where to report a weakness of the site (RFC 9116)."""

    template_name = "security.txt"
    content_type = "text/plain; charset=utf-8"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        midnight = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
        return super().get_context_data(
            expires=(midnight + timedelta(days=180)).strftime("%Y-%m-%dT%H:%M:%SZ"),
            contact=settings.PUBLIC_CONTACT_EMAIL or settings.REPLY_TO_EMAIL,
            canonical=settings.SITE_URL + reverse("security-txt"),
            **kwargs,
        )


class Api(TemplateView):
    """What the site offers to other programs, for the people who write them."""

    template_name = "pages/api.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(operations=list(operations(settings.SITE_URL)), **kwargs)


class OpenApi(View):
    """The same for the programs themselves."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return HttpResponse(DOCUMENT, content_type="application/json")


class NoSuchApi(View):
    """Tells a program in its own terms that there is nothing at an address under /api/."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = JsonResponse({"error": "There is nothing at this address."}, status=404)
        response["Cache-Control"] = "no-store"
        return response
