"""The list of regions, and the finder as a page and as JSON."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.views.generic import ListView, TemplateView, View

from regions import lookup
from regions.actions.unfound import record_unfound
from regions.answers import Result
from regions.models import Region
from regions.tiles import tiles


class RegionList(ListView):
    """The eight regions and their areas."""

    template_name = "regions/list.html"
    context_object_name = "regions"
    extra_context = {"section": "find"}

    def get_queryset(self) -> QuerySet[Region]:
        return Region.objects.with_listed_areas()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            tiles=tiles((region.slug, region.name) for region in self.object_list), **kwargs
        )


class Find(TemplateView):
    """Which region a name belongs to, and why; or the question that decides it."""

    template_name = "regions/find.html"
    extra_context = {"section": "find"}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        context = self.get_context_data(**kwargs)
        if context["answer"].result is Result.NONE and request.method == "GET":
            record_unfound(context["answer"].query, day=timezone.localdate())
        return self.render_to_response(context)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        answer = lookup.answer(self.request.GET.get("q", ""))
        return super().get_context_data(
            answer=answer,
            suggestions=lookup.alike(answer),
            local_contacts=lookup.local_contacts(answer),
            regions=Region.objects.with_listed_areas(),
            **kwargs,
        )


class Lookup(View):
    """The finder's answer as JSON, for any site to use."""

    def get(self, request: HttpRequest) -> HttpResponse:
        answer = lookup.answer(request.GET.get("q", ""))
        return JsonResponse(
            {
                "query": answer.query,
                "result": answer.result,
                "regions": [
                    {
                        "slug": finding.region_slug,
                        "name": finding.region_name,
                        "url": settings.SITE_URL + reverse("region", args=[finding.region_slug]),
                        "reason": finding.reason,
                    }
                    for finding in answer.findings
                ],
                "notice": answer.notice,
            }
        )
