"""The admin's pages for one step: a question, its answer, and what it would do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path

from backoffice.missing import NOTHING, MissingError

Step = Callable[[HttpRequest, Any], HttpResponse]
# What staff are told of a row that they asked for by its key, and that is not there for them.
Missing = Callable[[HttpRequest, int], str]


def nothing_known(request: HttpRequest, pk: int) -> str:
    """Say of a row that is not there no more than that."""
    return NOTHING


def step_paths(
    admin: ModelAdmin,
    rows: Callable[[HttpRequest], QuerySet],
    steps: dict[str, tuple[str, Step]],
    *,
    missing: Missing = nothing_known,
) -> list[URLPattern]:
    """Return an address `<pk>/<name>/` for each step: its permission, and its view of a row.

    `rows` returns those that this request may reach: any other is not found, with the sentence that
    `missing` has about it.
    """
    opts = admin.opts
    return [
        path(
            f"<int:pk>/{name}/",
            admin.admin_site.admin_view(_guarded(rows, permission, step, missing)),
            name=f"{opts.app_label}_{opts.model_name}_{name}",
        )
        for name, (permission, step) in steps.items()
    ]


class Steps(ModelAdmin):
    """An admin with steps of a row. Each mixin adds its own to `steps()`."""

    def step_rows(self, request: HttpRequest) -> QuerySet:
        """Return the rows that have steps, for whoever asks."""
        return self.model._default_manager.all()

    def steps(self) -> dict[str, tuple[str, Step]]:
        """Return the permission and the view of each step, by the last part of its address."""
        return {}

    def missing(self, request: HttpRequest, pk: int) -> str:
        """Return what happened to a row that is not there."""
        return NOTHING

    def get_urls(self) -> list[URLPattern]:
        paths = step_paths(self, self.step_rows, self.steps(), missing=self.missing)
        return [*paths, *super().get_urls()]


def step_page(
    admin: ModelAdmin,
    request: HttpRequest,
    template: str,
    *,
    title: str,
    row: Model | None,
    **context: Any,
) -> HttpResponse:
    """Return a page of the admin about one step of a row."""
    return TemplateResponse(
        request,
        template,
        {
            **admin.admin_site.each_context(request),
            "opts": admin.opts,
            "title": title,
            "original": row,
            **context,
        },
    )


def _guarded(
    rows: Callable[[HttpRequest], QuerySet], permission: str, step: Step, missing: Missing
) -> Callable[..., HttpResponse]:
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        if not request.user.has_perm(permission):
            raise PermissionDenied
        row = rows(request).filter(pk=pk).first()
        if row is None:
            raise MissingError(missing(request, pk))
        return step(request, row)

    return view
