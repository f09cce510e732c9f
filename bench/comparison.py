"""How long two states of a page take to compare."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable

from guidance.content import Content, ContentSection
from guidance.history.comparison import compare
from guidance.shipped import read_edition
from guidance.text import markdown
from rpec_site.settings import BASE_DIR

RUNS = 7
LARGE = 200_000
SEED = 20261120


def measurements() -> dict[str, float]:
    """Return milliseconds (medians) by name, and the ratio of each comparison to rendering."""
    pages = BASE_DIR / "guidance" / "data" / "regional-prevent-education-coordinators"
    texts = [(pages / f"{number}.md").read_text(encoding="utf-8") for number in (2, 3)]
    old, new = (_page(text) for text in texts)
    large = [_large(SEED + number) for number in range(2)]
    shuffled = _shuffled(large[0])
    render = _milliseconds(lambda: _page(texts[1]))
    figures = {
        "render the page's Markdown": render,
        "compare the real pair": _milliseconds(lambda: compare(old, new)),
        "compare two unrelated texts of 200 KB": _milliseconds(lambda: compare(*large)),
        "compare a text of 200 KB with its paragraphs shuffled": _milliseconds(
            lambda: compare(large[0], shuffled)
        ),
    }
    ratios = {
        f"ratio to rendering: {name}": figure / render
        for name, figure in figures.items()
        if name.startswith("compare")
    }
    return figures | ratios


def _page(text: str) -> Content:
    draft = read_edition(text).text
    return Content(
        title=draft.title,
        lead=draft.lead,
        sections=tuple(
            ContentSection(
                section.level,
                section.heading,
                section.anchor,
                markdown.render(section.markdown, level=section.level),
            )
            for section in draft.sections
        ),
        links={},
    )


def _large(seed: int) -> Content:
    chance = random.Random(seed)  # noqa: S311 (words to compare, nothing secret)
    words = [
        "".join(chance.choices("abcdefghijklmnop", k=chance.randint(2, 9))) for _ in range(3000)
    ]
    paragraphs: list[str] = []
    while sum(len(paragraph) for paragraph in paragraphs) < LARGE:
        paragraphs.append(f"<p>{' '.join(chance.choices(words, k=chance.randint(5, 80)))}</p>")
    return _content(paragraphs)


def _shuffled(content: Content) -> Content:
    paragraphs = content.sections[0].html.split("\n")
    random.Random(SEED).shuffle(paragraphs)  # noqa: S311 (the same order each time)
    return _content(paragraphs)


def _content(paragraphs: list[str]) -> Content:
    section = ContentSection(2, "Section", "section", "\n".join(paragraphs))
    return Content("Title", "Lead.", (section,), {})


def _milliseconds(call: Callable[[], object]) -> float:
    taken = []
    for _ in range(RUNS):
        start = time.perf_counter()
        call()
        taken.append((time.perf_counter() - start) * 1000)
    return statistics.median(taken)
