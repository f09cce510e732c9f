"""Lists as they come out of Word: signs that are no Markdown, and spaces that do not break.

Left as they are, the lines of such a list would run together into one paragraph.
"""

from __future__ import annotations

import re
from typing import Final

# Word's own signs. "o" and a square stand for the second level, and "o" is a word elsewhere: only
# a tab or a space that does not break makes it a sign.
_FIRST: Final = "[•·●‣]"
_SECOND: Final = "[◦▪■§]"
_STUCK: Final = r"(?:[\t\u00a0]|&nbsp;)"
_GAP: Final = r"(?:[ \t\u00a0]|&nbsp;)*"
_LINE: Final = re.compile(
    rf"^{_GAP}(?:(?P<first>{_FIRST}|[-*+–](?={_STUCK}))"
    rf"|(?P<second>{_SECOND}|o(?={_STUCK}))"
    rf"|(?P<number>[0-9]{{1,3}}[.)])(?= ?{_STUCK})){_GAP}(?=[^\s&]|&(?!nbsp;))",
    re.MULTILINE,
)


def as_markdown(source: str) -> str:
    """Return the text with the lines of Word's lists as lines of Markdown's."""
    return _LINE.sub(_sign, source)


def _sign(line: re.Match[str]) -> str:
    if line["number"]:
        return f"{line['number']} "
    return "  - " if line["second"] else "- "
