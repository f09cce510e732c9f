"""Texts to send, from a seeded generator: pieces of a grammar, in odd orders and numbers.

What is slow or breaks is seldom noise: it is a piece that means something, many times, within
something that is sound. Sizes are spread over their orders of magnitude.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

ODD = (
    *("\x00", "\r\n", "\u2028", "\u202e", "\ufdfa", "\u200d", "\ufeff", "\U000e0041", "\ud800"),
    *("ß", "İ", "é" * 9, "𝔘", "ﬁ", "١٢", "👩‍🏫", "\u0300" * 20, "\\", "'", '"', "%00", "{{7*7}}"),
)
ADDRESSES = (
    *(
        "sam@school.example",
        "a@",
        "@",
        "xn--",
        ".",
        "..",
        "straße",
        "日本",
        "<",
        ">",
        ",",
        ";",
        "(",
    ),
    *("+", " ", "٫", "。", "co.uk", "[127.0.0.1]", '"a b"@', "-", "ab--cd", "\u0640", "\u0375"),
)
MARKDOWN = (
    *("^", "^a\n", "%a\n\n", "$CTA\n", "$C\n", "s1. a\n", "*[a]: b\n", "*[", "]: ", "[a]: /b\n"),
    *(
        "#### a {#b}\n",
        "{#",
        "# ",
        "> ",
        "- ",
        "1. ",
        "   ",
        "\n",
        "\n\n",
        "| a | b |\n",
        "|---|\n",
    ),
    *(
        "[",
        "](",
        ")",
        "[a](link:x)",
        "![",
        "<",
        "<a",
        "<!--",
        "&amp;",
        "&#0;",
        "`",
        "``",
        "*",
        "**",
    ),
    *(
        "_",
        "~~",
        "\\",
        "http://",
        "mailto:",
        '"',
        "a ",
        "a",
        "---\n",
        "\t",
        "</p>",
        "<table>",
        "| ",
    ),
)
CSV = (
    *(",", ";", "\t", '"', '""', "'", "\n", "\r\n", "\r", ',"', '",', "sep=;\n", "=1+1", "dsl"),
    *("2 December 2030", "2030-12-02", "17:00", "5pm", "north-west", "scheduled", "x" * 200),
    *("https://www.eventbrite.co.uk/e/1", "id", "track", "date,start,end,track\n", "1" * 5000),
)
LINES = (
    *("Monday", "2", "December", "2030", "2/12/2030", "5pm", "to", "5", "6pm", "-", "–", ",", "\t"),
    *("DSLs", "governors", "North West", "https://www.eventbrite.co.uk/e/1", "\n", ":", ".", "|"),
    *("9" * 30, "1st", "noon", "half past", "am", " ", "and", "(", ")", "London"),
)
PLACES = (
    *("Leeds", "Newcastle", "Richmond", "St ", "Saint ", "County", "Council", "City of", "and"),
    *("M1 1AE", "ST7", "DA1", "SW1A", "E0", "119792", "10006841", " ", ",", "-", "'", "&", "near"),
    *("High School", "Primary", "North", "Lincolnshire", "Kingston", "Gillingham", "Isle of Man"),
)
BOUNCE = (
    *("To: ", "Content-Type: ", "multipart/report; boundary=b", "\n", "\n\n", "--b\n", "--b--\n"),
    *("message/delivery-status", "message/rfc822", "Action: failed\n", "Status: 5.1.1\n", "\n "),
    *(
        "Final-Recipient: rfc822; a@b.example\n",
        "Diagnostic-Code: smtp; 550\n",
        "(",
        ")",
        '"',
        "\\",
    ),
    *(
        "bounces+0123456789abcdef0123456789abcdef@rpec.example",
        ";",
        "g:a;",
        ".",
        "=?utf-8?b?",
        "?=",
    ),
    *("Content-Transfer-Encoding: base64\n", "=00", "x" * 70, "\t", "<", ">", "charset=x", "é"),
)
HTML = (
    *("<p>", "</p>", "<h2 id=a>", "</h2>", "<ul><li>", "<table><tr><td>", "<a href='/x'>", "</a>"),
    *(
        '<abbr title="b">',
        "</abbr>",
        '<div class="call-to-action">',
        "</div>",
        "<",
        "&",
        "&#0;",
        "a",
    ),
    *(
        "<ol class='steps'>",
        "<h3>",
        "<blockquote>",
        "<strong>",
        "<em>",
        "<br>",
        "\n",
        "<!--",
        "<svg>",
    ),
)
WORDS = (
    "a",
    "Help",
    "https://a.example",
    "<script>",
    "=1+1",
    "The next date?",
    " ",
    "\n",
    "x" * 99,
)


def size(rng: Random, most: int) -> int:
    """Return a number from 1 to `most`, of any order of magnitude."""
    return max(1, round(most ** rng.random() ** 0.6))


def text(rng: Random, pieces: Sequence[str], most: int) -> str:
    """Return up to `most` characters of the pieces, with something odd among them at times."""
    pick: Callable[[], str] = lambda: rng.choice(ODD if rng.random() < 0.04 else pieces)  # noqa: E731
    length = size(rng, most)
    kind = rng.randrange(5)
    if kind == 0:  # One piece, again and again.
        piece = pick()
        made = piece * (length // len(piece) + 1)
    elif kind == 1:  # A few pieces in the same order, again and again, with a beginning and an end.
        unit = "".join(pick() for _ in range(rng.randint(1, 5)))
        made = pick() + unit * (length // len(unit) + 1)
        return made[: max(0, length - 9)] + pick()
    elif kind == 2:  # One kind of piece many times, and then another as often.
        first, second = pick(), pick()
        half = length // 2
        made = first * (half // len(first) + 1) + second * (half // len(second) + 1)
    else:  # Any.
        parts: list[str] = []
        while sum(map(len, parts[-1:])) + len(parts) < length and len(parts) < 3000:
            parts.append(pick() * (size(rng, 30) if rng.random() < 0.1 else 1))
        made = "".join(parts)
    return made[:length]


def value(rng: Random, pieces: Sequence[str], depth: int = 0) -> Any:
    """Return anything that JSON can say."""
    kind = rng.randrange(9)
    if depth < 4 and kind == 0:
        return [value(rng, pieces, depth + 1) for _ in range(rng.randrange(4))]
    if depth < 4 and kind == 1:
        return {text(rng, pieces, 20): value(rng, pieces, depth + 1) for _ in range(3)}
    others = (None, True, 0, -1, 10 ** rng.randrange(400), 1.5, "", "9" * 25)
    return text(rng, pieces, 200) if kind < 5 else rng.choice(others)


def as_json(rng: Random, sent: Any) -> str:
    """Return it as JSON, which at times is cut, nested without end or not quite JSON."""
    written = json.dumps(sent)
    kind = rng.randrange(12)
    if kind == 0:
        return written[: rng.randrange(len(written) + 1)]
    if kind == 1:
        return rng.choice(("[", '{"a":', '{"queries":[')) * size(rng, 50_000)
    if kind == 2:
        place = rng.randrange(len(written) + 1)
        return (
            written[:place] + rng.choice(("NaN", "9" * 5000, ",", '"', "\ud800")) + written[place:]
        )
    return written


def changed(rng: Random, sound: str, pieces: Sequence[str], most: int) -> str:
    """Return what is sound with something put in, taken out or said many times over."""
    made = sound
    for _ in range(rng.randint(1, 6)):
        start = rng.randrange(len(made) + 1)
        end = min(len(made), start + size(rng, 80))
        put = rng.choice(("", made[start:end] * size(rng, 200), text(rng, pieces, size(rng, most))))
        made = made[:start] + put + made[end:]
    return made[:most]
