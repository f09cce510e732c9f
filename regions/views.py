"""The list of regions, and the finder as a page and as JSON."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.decorators import method_decorator
from django.views.decorators.cache import cache_control
from django.views.generic import FormView, ListView, TemplateView, View

from govuk.spreadsheets import table_of
from regions import lookup
from regions.actions.unfound import record_unfound
from regions.answers import Answer, Result
from regions.forms import MOST_QUERIES, ManyForm
from regions.map import marked, shapes
from regions.models import Region


class RegionList(ListView):
    """The eight regions and their areas."""

    template_name = "regions/list.html"
    context_object_name = "regions"
    extra_context = {"section": "find"}

    def get_queryset(self) -> QuerySet[Region]:
        return Region.objects.with_listed_areas()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            shapes=shapes((region.slug, region.name) for region in self.object_list),
            hint=lookup.hint(),
            **kwargs,
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
            hint=lookup.hint(),
            suggestions=lookup.alike(answer),
            local_contacts=lookup.local_contacts(answer),
            regions=Region.objects.with_listed_areas(),
            outlines=marked(answer.findings[0].region_slug) if answer.result is Result.ONE else [],
            **kwargs,
        )


@method_decorator(cache_control(private=True, no_store=True), name="post")
class Many(FormView):
    """The regions of up to 500 places at once, as a table or as CSV. Nothing is stored."""

    http_method_names = ("get", "head", "post", "options")
    template_name = "regions/many.html"
    form_class = ManyForm
    extra_context = {"section": "find"}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"answers": (), **kwargs})

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "hint": lookup.hint()}

    def form_valid(self, form: ManyForm) -> HttpResponse:
        answers = lookup.answers(form.cleaned_data["queries"])
        if self.request.POST.get("format") == "csv":
            response = HttpResponse(
                _as_csv(answers).encode("utf-8-sig"), content_type="text/csv; charset=utf-8"
            )
            response["Content-Disposition"] = 'attachment; filename="regions.csv"'
            return response
        asked = [answer for answer in answers if answer.result]
        certain = sum(answer.result is Result.ONE for answer in asked)
        return self.render_to_response(
            self.get_context_data(
                form=form,
                answers=answers,
                asked=len(asked),
                certain=certain,
                to_ask=len(asked) - certain,
            )
        )

    def form_invalid(self, form: ManyForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)


class Names(View):
    """The names that the finder's box suggests as one types, a line each, compressed if it may be.

    Not by Django's own compression, which makes other bytes each time: the ETag is over the bytes.
    """

    def get(self, request: HttpRequest) -> HttpResponse:
        body = "\n".join(lookup.names_to_suggest()).encode()
        response = HttpResponse(body, content_type="text/plain; charset=utf-8")
        patch_vary_headers(response, ["Accept-Encoding"])
        if "gzip" in request.headers.get("Accept-Encoding", ""):
            response.content = _compressed(body)
            response["Content-Encoding"] = "gzip"
        return response


@lru_cache(maxsize=1)
def _compressed(body: bytes) -> bytes:
    """Return the bytes compressed, always the same; not again in a process that did it before."""
    return gzip.compress(body, mtime=0)


class Lookup(View):
    """The finder's answer as JSON, for any site to use; of many texts at once by POST."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return JsonResponse(_as_json(lookup.answer(request.GET.get("q", ""))))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Answer `{"queries": [...]}` by `{"answers": [...]}`, each as a GET would be answered."""
        try:
            queries = _queries(request)
        except _RefusedError as refusal:
            response = JsonResponse({"error": str(refusal)}, status=400)
            response["Cache-Control"] = "no-store"
            return response
        answers = [_as_json(answer) for answer in lookup.answers(queries)]
        response = JsonResponse({"answers": answers})
        response["Cache-Control"] = "no-store"
        return response

    def options(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Let a page of another site send JSON: its browser asks first."""
        response = HttpResponse(headers={"Allow": "GET, HEAD, POST, OPTIONS"})
        response["Access-Control-Allow-Methods"] = "GET, HEAD, POST, OPTIONS"
        response["Access-Control-Allow-Headers"] = "Content-Type"
        response["Access-Control-Max-Age"] = "86400"
        return response


class _RefusedError(ValueError):
    """A body that is not answered; why, in a sentence for whoever sent it."""


def _queries(request: HttpRequest) -> list[str]:
    """Return the texts of a body. Raises _RefusedError."""
    try:
        sent = json.loads(request.body)
    except (ValueError, RecursionError) as error:
        raise _RefusedError("The body is not JSON.") from error
    queries = sent.get("queries") if isinstance(sent, dict) else None
    if not isinstance(queries, list) or not all(isinstance(query, str) for query in queries):
        raise _RefusedError('Send {"queries": [...]} with a list of texts.')
    if len(queries) > MOST_QUERIES:
        raise _RefusedError(f"Send at most {MOST_QUERIES} queries at once.")
    return queries


def _as_json(answer: Answer) -> dict[str, object]:
    """Return an answer as JSON's types; its names are promised to other programs."""
    return {
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


def _as_csv(answers: Sequence[Answer]) -> str:
    """Return the answers as a table: the line, what was asked, the region or which may be meant."""
    return table_of(
        ("line", "place", "result", "region", "reason", "to check"),
        (
            (
                str(number),
                answer.query,
                str(answer.result or ""),
                "" if answer.is_national else " or ".join(f.region_name for f in answer.findings),
                answer.findings[0].reason if answer.result is Result.ONE else "",
                answer.to_check,
            )
            for number, answer in enumerate(answers, start=1)
        ),
    )
