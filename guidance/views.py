"""A page as it stands, the list of its editions, and each edition as it stood."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import cache_control
from django.views.generic import DetailView, ListView, TemplateView, View

from govuk.dates import date_words
from guidance.forms.history import EARLIEST_YEAR, NOT_THERE_YET, SinceForm
from guidance.frame import page_context, withdrawal_context
from guidance.history.comparison import compare
from guidance.history.timeline import compared_with, end_of, standing_on, start_of, stood_on
from guidance.layout import chapters
from guidance.live import as_it_stands, draft_content
from guidance.log import publication_day, redaction_marks
from guidance.models import Edition, EditionQuerySet, Page
from guidance.previews import shared_edition


class NotKnownError(Exception):
    """What was asked of a page's history is not known; `why`, in a sentence."""

    def __init__(self, why: str, page: Page) -> None:
        super().__init__(why)
        self.why = why
        self.page = page


class SaysWhyNotKnown(View):
    """Answers NotKnownError with a page that says why, and leads to the history."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return super().dispatch(request, *args, **kwargs)
        except NotKnownError as error:
            context = {"why": error.why, "history_url": error.page.get_history_url()}
            return _not_found(request, "guidance/not_known.html", context)


class GuidancePage(DetailView):
    """The live edition's words, over today's regions, sessions and links.

    A withdrawn page is shown as it was when it was withdrawn, under why.
    """

    template_name = "guidance/page.html"
    context_object_name = "edition"
    extra_context = {"section": "guidance"}

    def get_object(self, queryset: QuerySet[Edition] | None = None) -> Edition:
        return get_object_or_404(
            Edition.objects.shown().select_related("page", "withdrawal"),
            page__slug=self.kwargs["slug"],
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now = timezone.now()
        edition: Edition = self.object
        frozen = edition.frozen()
        content = frozen if edition.withdrawn else as_it_stands(frozen, at=now)
        return super().get_context_data(**page_context(edition, content, at=now), **kwargs)


@method_decorator(cache_control(private=True, no_store=True), name="dispatch")
class SharedPreview(TemplateView):
    """A draft as readers would see it, for whoever was given its link while that lasts."""

    template_name = "guidance/preview.html"
    extra_context = {"section": "guidance"}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        edition = shared_edition(kwargs["token"])
        if edition is None:
            return _not_found(request, "guidance/preview_ended.html", {})
        now = timezone.now()
        shown = page_context(edition, draft_content(edition, at=now), at=now)
        return self.render_to_response(self.get_context_data(edition=edition, **shown))


class History(ListView):
    """Every edition of a page, newest first."""

    template_name = "guidance/history.html"
    context_object_name = "editions"
    extra_context = {"section": "guidance"}
    # A page of which nothing is public is not there.
    allow_empty = False

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = request.GET if "since" in request.GET else None
        self.form = SinceForm(asked, today=timezone.localdate())
        self.answer = ""
        if self.form.is_valid():
            editions = list(_editions(kwargs["slug"]).with_note().without_content())
            changed = self._since(self.form.cleaned_data["since"], editions) if editions else ""
            if changed:
                return redirect(changed)
        return super().get(request, *args, **kwargs)

    def _since(self, day: date, editions: list[Edition]) -> str:
        """Return the address of what has changed since the day began.

        Where there is none, return "" and leave the answer, or what is wrong with the question.
        """
        stood, now = stood_on(day, editions), editions[-1]
        before = next((edition for edition in stood if edition.is_text_held), None)
        if not stood:
            self.form.add_error("since", NOT_THERE_YET)
        elif stood == [now] or before == now:
            self.answer = _nothing_since(day, now)
        elif before is None or not now.is_text_held:
            self.form.add_error("since", _not_held(day, editions))
        else:
            return now.get_comparison_url(before)
        return ""

    def get_queryset(self) -> QuerySet[Edition]:
        return _editions(self.kwargs["slug"]).without_content().with_records().newest_first()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        editions = list(self.object_list)
        earlier = dict(compared_with(editions[::-1]))
        title = next((edition.title for edition in editions if edition.title), "this page")
        return super().get_context_data(
            page_title=title,
            breadcrumbs=_breadcrumbs(editions[0], title),
            form=self.form,
            answer=self.answer,
            history_url=editions[0].page.get_history_url(),
            feed_url=reverse("guidance:updates", args=[editions[0].page.slug]),
            entries=[
                (e, e.get_comparison_url(before) if (before := earlier[e]) else "")
                for e in editions
            ],
            earlier_notes=editions[0].page.earlier_notes.all(),
            has_restated=any(edition.is_restated for edition in editions),
            **kwargs,
        )


class ComparisonPage(SaysWhyNotKnown, TemplateView):
    """What changed from one edition to a later one, word by word."""

    template_name = "guidance/comparison.html"
    extra_context = {"section": "guidance"}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if kwargs["old"] > kwargs["new"]:
            # Asked the wrong way round: the same question has one address.
            return redirect("guidance:comparison", kwargs["slug"], kwargs["new"], kwargs["old"])
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        old, new = (self._edition(self.kwargs[side]) for side in ("old", "new"))
        if old == new:
            raise NotKnownError("An edition does not differ from itself.", new.page)
        comparison = compare(old.frozen(), new.frozen())
        return super().get_context_data(
            old=old,
            new=new,
            page_title=new.title,
            breadcrumbs=_breadcrumbs(new, new.title, in_history=True),
            comparison=comparison,
            redactions=redaction_marks(old, new),
        )

    def _edition(self, number: int) -> Edition:
        editions = _editions(self.kwargs["slug"])
        edition = editions.with_records().filter(number=number).first()
        if edition is None:
            page = get_object_or_404(editions.without_content()[:1]).page
            raise NotKnownError(f"There is no edition {number}.", page)
        if not edition.is_text_held:
            raise NotKnownError(f"The text of edition {number} is not held.", edition.page)
        return edition


class EditionPage(DetailView):
    """One edition, as it froze what the page said; of some, only date and note are known."""

    context_object_name = "edition"
    extra_context = {"section": "guidance"}

    def get_object(self, queryset: QuerySet[Edition] | None = None) -> Edition:
        return get_object_or_404(
            Edition.objects.public().select_related("page").with_records().with_end(),
            page__slug=self.kwargs["slug"],
            number=self.kwargs["number"],
        )

    def asked_day(self) -> date | None:
        """Return the UK day that was asked for, if it was a day rather than an edition."""
        return None

    def get_template_names(self) -> list[str]:
        held = self.object.is_text_held
        return ["guidance/edition.html" if held else "guidance/edition_not_held.html"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        edition: Edition = self.object
        shown = edition.page.editions.shown().without_content().first()
        title = (shown and shown.title) or edition.title or "this page"
        context: dict[str, Any] = {
            "page_title": title,
            "is_shown": shown is not None,
            "day": self.asked_day(),
            **withdrawal_context(edition.withdrawn),
            "redactions": redaction_marks(edition),
            "breadcrumbs": _breadcrumbs(edition, title, in_history=True),
        }
        if edition.is_text_held:
            content = edition.frozen()
            context.update(
                content=content,
                chapters=chapters(content, at=None),
                contents=content.sections,
            )
        return super().get_context_data(**context, **kwargs)


class PageOnDay(SaysWhyNotKnown, EditionPage):
    """The page as it stood at the end of a UK day; today, as it stands now."""

    def get_object(self, queryset: QuerySet[Edition] | None = None) -> Edition:
        editions = list(_editions(self.kwargs["slug"]).with_records())
        if not editions:
            raise Http404("There is no such page.")
        page = editions[0].page
        try:
            day = date.fromisoformat(self.kwargs["day"])
        except ValueError as error:
            raise NotKnownError("There is no such day.", page) from error
        if day > timezone.localdate():
            raise NotKnownError("That day is still to come.", page)
        edition = standing_on(day, editions) if day.year >= EARLIEST_YEAR else None
        if edition is None:
            raise NotKnownError(f"The page began on {publication_day(editions[0])}.", page)
        return edition

    def asked_day(self) -> date | None:
        return date.fromisoformat(self.kwargs["day"])


def _editions(slug: str) -> EditionQuerySet:
    """Return a page's public editions with when each ended, oldest first."""
    return (
        Edition.objects.public()
        .filter(page__slug=slug)
        .select_related("page")
        .with_end()
        .oldest_first()
    )


def _nothing_since(day: date, now: Edition) -> str:
    """Return that the page's words are what they were on the day, and what last became of it."""
    unchanged = f"Nothing has changed since {date_words(day)}."
    withdrawal = now.withdrawn
    if withdrawal is None:
        return f"{unchanged} The last change was on {publication_day(now)}."
    if withdrawal.withdrawn_at is None:
        return "The page was withdrawn."
    withdrawn = f"The page was withdrawn on {date_words(withdrawal.withdrawn_at)}."
    return withdrawn if withdrawal.withdrawn_at >= start_of(day) else f"{unchanged} {withdrawn}"


def _not_held(day: date, editions: Iterable[Edition]) -> str:
    """Return that what the page said that day is not known, and the first later day of which it is.

    `editions` are the page's public ones, oldest first.
    """
    answer = "What the page said on that day is not held."
    later = (e for e in editions if e.published_at and e.published_at >= end_of(day))
    first = next((edition for edition in later if edition.is_text_held), None)
    return f"{answer} Choose {publication_day(first)} or later." if first else answer


def _not_found(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """Return a page that says why there is nothing at its address."""
    response = render(request, template, {"section": "guidance", **context}, status=404)
    response["Cache-Control"] = "no-store"
    return response


def _breadcrumbs(edition: Edition, title: str, *, in_history: bool = False) -> list[dict[str, str]]:
    """Return the way back up to the home page: text and url."""
    items = [
        {"text": "Home", "url": reverse("home")},
        {"text": title, "url": edition.page.get_absolute_url()},
    ]
    if in_history:
        items.append({"text": "History", "url": edition.page.get_history_url()})
    return items
