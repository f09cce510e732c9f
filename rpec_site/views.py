"""The pages that show several applications' nouns."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.views.generic import DetailView, TemplateView, View

from guidance.actions.loading import PAGE
from guidance.help_addresses import help_addresses
from guidance.log import edition_before
from guidance.models import Edition
from regions import lookup
from regions.map import marked
from regions.models import LocalContact, Post, Region
from rpec_site.openapi import DOCUMENT, operations
from training.models import Session, Track


class Home(TemplateView):
    """Find your co-ordinator, the next dates, what changed last, contact."""

    template_name = "home.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now = timezone.now()
        sessions = Session.objects.public().upcoming(at=now).going_ahead().for_everyone()
        next_rows = {
            session.track_id: session.facts().row(now)
            for session in sessions.first_of_each_track().with_relations()
        }
        updates = Edition.objects.public().major().on_public_pages().with_note()
        last_change = updates.select_related("page").newest_first().first()
        shown = Edition.objects.shown().filter(page__slug=PAGE).without_content()
        guidance = shown.with_note().first()
        return super().get_context_data(
            hint=lookup.hint(),
            next_sessions=[
                (track, next_rows.get(track.pk)) for track in Track.objects.for_everyone()
            ],
            last_change=last_change,
            last_change_url=last_change and last_change.get_change_url(edition_before(last_change)),
            withdrawal=guidance and guidance.withdrawn,
            **kwargs,
        )


class Cookies(TemplateView):
    """Which cookies there are, by the names that they have here: all of them are staff's."""

    template_name = "pages/cookies.html"
    extra_context = {
        "session_cookie": settings.SESSION_COOKIE_NAME,
        "csrf_cookie": settings.CSRF_COOKIE_NAME,
    }


class GetHelp(TemplateView):
    """Worried about someone: whom to tell, and how. It asks nothing of the database."""

    template_name = "get_help.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(links=help_addresses(), **kwargs)


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
            breadcrumbs=[
                {"text": "Home", "url": reverse("home")},
                {"text": "Regions", "url": reverse("regions:list")},
            ],
            contact_url=f"{reverse('contact:form')}?region={region.slug}",
            outlines=marked(region.slug),
            posts=Post.objects.lines(region, on=timezone.localdate(now)),
            local_contacts=list(LocalContact.objects.in_region(region).checked()),
            sessions=[
                session.facts().row(now, title=session.display_title)
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
