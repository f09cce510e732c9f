"""A page as it stands, the list of its editions, and each edition as it stood."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.generic import DetailView, ListView

from govuk.dates import date_words
from guidance.models import Edition
from guidance.reading import chapters
from guidance.today import as_it_stands

_UPDATES = {"heading": "Updates to this page", "anchor": "updates", "level": 2}


class GuidancePage(DetailView):
    """The live edition's words, over today's regions, sessions and links."""

    template_name = "guidance/page.html"
    context_object_name = "edition"
    extra_context = {"section": "guidance"}

    def get_object(self, queryset: QuerySet[Edition] | None = None) -> Edition:
        return get_object_or_404(
            Edition.objects.live().select_related("page"), page__slug=self.kwargs["slug"]
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now = timezone.now()
        edition: Edition = self.object
        content = as_it_stands(edition.frozen(), at=now)
        editions = list(edition.page.editions.public().without_content().newest_first())
        updates = [e for e in editions if e.update_type == Edition.UpdateType.MAJOR]
        published = _day(editions[-1])
        updated = _day(updates[0]) if updates else ""
        return super().get_context_data(
            content=content,
            chapters=chapters(content, at=now),
            contents=[*content.sections, _UPDATES],
            published=published,
            updated=updated if updated != published else "",
            updates=[_log_entry(edition.page.slug, update) for update in updates],
            minor_changes=len(editions) - len(updates),
            instead_of_dates=_instead_of_dates(),
            history_url=edition.page.get_history_url(),
            **kwargs,
        )


class History(ListView):
    """Every edition of a page, newest first."""

    template_name = "guidance/history.html"
    context_object_name = "editions"
    extra_context = {"section": "guidance"}
    # A page of which nothing is public is not there.
    allow_empty = False

    def get_queryset(self) -> QuerySet[Edition]:
        return (
            Edition.objects.public()
            .filter(page__slug=self.kwargs["slug"])
            .select_related("page")
            .without_content()
            .with_end()
            .newest_first()
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        editions = list(self.object_list)
        title = next((edition.title for edition in editions if edition.title), "this page")
        return super().get_context_data(
            page_title=title,
            breadcrumbs=_breadcrumbs(editions[0], title),
            has_restated=any(edition.is_restated for edition in editions),
            **kwargs,
        )


class EditionPage(DetailView):
    """One edition, as it froze what the page said; of some, only date and note are known."""

    context_object_name = "edition"
    extra_context = {"section": "guidance"}

    def get_object(self, queryset: QuerySet[Edition] | None = None) -> Edition:
        return get_object_or_404(
            Edition.objects.public().select_related("page").with_end(),
            page__slug=self.kwargs["slug"],
            number=self.kwargs["number"],
        )

    def get_template_names(self) -> list[str]:
        held = self.object.is_text_held
        return ["guidance/edition.html" if held else "guidance/edition_not_held.html"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        edition: Edition = self.object
        live = edition.page.editions.live().without_content().first()
        title = live.title if live else edition.title or "this page"
        context: dict[str, Any] = {
            "page_title": title,
            "has_live": live is not None,
            "breadcrumbs": _breadcrumbs(edition, title, in_history=True),
        }
        if edition.is_text_held:
            content = edition.frozen()
            context.update(
                content=content,
                chapters=chapters(content, at=timezone.now()),
                contents=content.sections,
            )
        return super().get_context_data(**context, **kwargs)


def _day(edition: Edition) -> str:
    """Return the UK day on which a public edition was published, in words."""
    return date_words(edition.published_at) if edition.published_at else ""


def _log_entry(slug: str, edition: Edition) -> dict[str, str]:
    """Return an update as a line of the page's log."""
    return {
        "date": _day(edition),
        "note": edition.change_note,
        "url": reverse("guidance:edition", args=[slug, edition.number]),
        "url_text": "The page as it stood then"
        if edition.is_text_held
        else "What is known of that update",
    }


def _instead_of_dates() -> list[dict[str, str]]:
    """Return what a reader can do while no date is planned: text and url, the likeliest first."""
    return [
        {
            "text": "Ask your co-ordinator about training",
            "url": reverse("contact:form") + "?topic=training",
        },
        {"text": "See past dates", "url": reverse("training:past")},
    ]


def _breadcrumbs(edition: Edition, title: str, *, in_history: bool = False) -> list[dict[str, str]]:
    """Return the way back up to the home page: text and url."""
    items = [
        {"text": "Home", "url": reverse("home")},
        {"text": title, "url": edition.page.get_absolute_url()},
    ]
    if in_history:
        items.append({"text": "History", "url": edition.page.get_history_url()})
    return items
