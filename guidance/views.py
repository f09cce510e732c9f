"""A page as it stands, the list of its editions, and each edition as it stood."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from itertools import pairwise
from typing import Any, Final

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import cache_control
from django.views.generic import DetailView, ListView, TemplateView

from govuk.dates import date_words
from guidance import markdown
from guidance.comparison import Comparison, SectionComparison, compare
from guidance.content import Content, resolve_links
from guidance.forms import SinceForm
from guidance.marking import Change
from guidance.models import Edition, EditionQuerySet, Link, Page, Withdrawal
from guidance.reading import chapters
from guidance.sharing import shared_edition
from guidance.timeline import compared_with, standing_on
from guidance.today import as_it_stands, draft_content

# Long before any page of this kind; not every clock can reckon with the year 1.
EARLIEST_YEAR: Final = 1990

_UPDATES = {"heading": "Updates to this page", "anchor": "updates", "level": 2}


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


def page_context(edition: Edition, content: Content, *, at: datetime) -> dict[str, Any]:
    """Return what the page's template shows: the content under the dates and log of the page."""
    editions = list(edition.page.editions.public().without_content().with_note().newest_first())
    earlier = dict(compared_with(editions[::-1]))
    updates = [e for e in editions if e.update_type == Edition.UpdateType.MAJOR]
    # The same edition with what happened to it; a draft is not among them.
    shown = next((e for e in editions if e == edition), None)
    withdrawal = shown.withdrawn if shown else None
    published = _day(editions[-1]) if editions else ""
    updated = _day(updates[0]) if updates else ""
    return {
        "content": content,
        "chapters": chapters(content, at=at),
        "contents": [*content.sections, _UPDATES],
        "published": published,
        "updated": updated if updated != published else "",
        "updates": [
            entry
            for standing in editions
            for entry in _log_entries(edition.page, standing, earlier[standing])
        ],
        "withdrawal": withdrawal,
        "explanation": explanation_html(withdrawal),
        "redactions": shown.redactions.all() if shown and shown.is_redacted else (),
        "minor_changes": len(editions) - len(updates),
        "instead_of_dates": _instead_of_dates(),
        "history_url": edition.page.get_history_url(),
        "feed_url": reverse("guidance:updates", args=[edition.page.slug]),
    }


@method_decorator(cache_control(private=True, no_store=True), name="dispatch")
class SharedPreview(TemplateView):
    """A draft as readers would see it, for whoever was given its link while that lasts."""

    template_name = "guidance/preview.html"
    extra_context = {"section": "guidance"}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        edition = shared_edition(self.kwargs["token"])
        if edition is None:
            raise Http404("The link has expired, or the draft is no draft any more.")
        now = timezone.now()
        content = draft_content(edition, at=now)
        return super().get_context_data(edition=edition, **page_context(edition, content, at=now))


class History(ListView):
    """Every edition of a page, newest first."""

    template_name = "guidance/history.html"
    context_object_name = "editions"
    extra_context = {"section": "guidance"}
    # A page of which nothing is public is not there.
    allow_empty = False

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.form = SinceForm(request.GET if "since" in request.GET else None)
        if self.form.is_valid():
            editions = list(_editions(self.kwargs["slug"]))
            since = standing_on(self.form.cleaned_data["since"], editions)
            answer = self._since(since, editions[-1] if editions else None)
            if isinstance(answer, HttpResponse):
                return answer
            self.form.add_error("since", answer)
        return super().get(request, *args, **kwargs)

    def _since(self, since: Edition | None, now: Edition | None) -> HttpResponse | str:
        """Return the comparison from the edition that stood then to now, or why there is none."""
        if since is None or now is None:
            return "The page was not there yet on that day. Choose a later one."
        if since == now:
            return "Nothing has changed since that day."
        if not (since.is_text_held and now.is_text_held):
            return "What the page said on that day is not held. Choose a later one."
        return redirect(now.get_comparison_url(since))

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
            history_url=editions[0].page.get_history_url(),
            feed_url=reverse("guidance:updates", args=[editions[0].page.slug]),
            entries=[
                (e, e.get_comparison_url(before) if (before := earlier[e]) else "")
                for e in editions
            ],
            has_restated=any(edition.is_restated for edition in editions),
            **kwargs,
        )


class ComparisonPage(TemplateView):
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
            raise Http404("An edition does not differ from itself.")
        comparison = compare(old.frozen(), new.frozen())
        return super().get_context_data(
            old=old,
            new=new,
            page_title=new.title,
            breadcrumbs=_breadcrumbs(new, new.title, in_history=True),
            comparison=comparison,
            sections=with_next_change(comparison),
        )

    def _edition(self, number: int) -> Edition:
        return get_object_or_404(
            Edition.objects.public().select_related("page").with_records(),
            page__slug=self.kwargs["slug"],
            number=number,
            is_text_held=True,
        )


def with_next_change(comparison: Comparison) -> list[tuple[SectionComparison, str]]:
    """Return each section with the anchor of the next one that was changed, "" after the last."""
    changed = [s.anchor for s in comparison.sections if s.change is not Change.SAME]
    following = dict(pairwise([*changed, ""]))
    return [(section, following.get(section.anchor, "")) for section in comparison.sections]


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
            "explanation": explanation_html(edition.withdrawn),
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


class PageOnDay(EditionPage):
    """The page as it stood at the end of a UK day; today, as it stands now."""

    def get_object(self, queryset: QuerySet[Edition] | None = None) -> Edition:
        try:
            day = date.fromisoformat(self.kwargs["day"])
        except ValueError as error:
            raise Http404("There is no such day.") from error
        if day > timezone.localdate() or day.year < EARLIEST_YEAR:
            raise Http404("Nobody knows what the page said then.")
        edition = standing_on(day, list(_editions(self.kwargs["slug"]).with_records()))
        if edition is None:
            raise Http404("The page was not there yet.")
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


def _day(edition: Edition) -> str:
    """Return the UK day on which a public edition was published, in words."""
    return date_words(edition.published_at) if edition.published_at else ""


def explanation_html(withdrawal: Withdrawal | None) -> str:
    """Return why a page was withdrawn as clean HTML, "" where it was not."""
    if withdrawal is None:
        return ""
    return resolve_links(markdown.render(withdrawal.explanation), Link.objects.addresses())


def _log_entries(page: Page, edition: Edition, earlier: Edition | None) -> Iterator[dict[str, str]]:
    """Give the lines of an edition in the page's log: its withdrawal, and its update if major."""
    edition.page = page
    if edition.withdrawn:
        yield {
            "date": date_words(edition.withdrawn.withdrawn_at),
            "note": "This page was withdrawn.",
            "url": edition.get_absolute_url(),
            "url_text": "Why, and the page as it stood then",
        }
    if edition.update_type != Edition.UpdateType.MAJOR:
        return
    if earlier is not None:
        text = "See what changed"
    elif edition.is_text_held:
        text = "The page as it stood then"
    else:
        text = "What is known of that update"
    yield {
        "date": _day(edition),
        "note": edition.note,
        "url": edition.get_change_url(earlier),
        "url_text": text,
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
