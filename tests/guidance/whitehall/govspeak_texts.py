"""Texts of ours whose Govspeak GOV.UK's own rules have to read as we show them."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

# Each construct, and what in it the rules of kramdown or of the govspeak gem read otherwise.
CONSTRUCTS = (
    "^Book early.^",
    "^Book early.\n\nPlaces go within a week.^",
    "^Book\\\nearly.^",
    "^Bring:\n\n- a pen\n- paper^",
    "^**Book** [early](https://a.example/) for DSLs.^\n\n*[DSLs]: safeguarding leads",
    "%Mind\n\nthe step%",
    "%5 % or 10\\%%",
    "\\^Book early.^",
    "Two\\\n^Book early.^",
    "3. three\n4. four",
    "0. nought\n1. one",
    "12. twelve\n\n    more\n13. thirteen",
    "1. a\n2. b\n\n1) c\n2) d",
    "5. a\n\n5) b\n\n7. c",
    "1) c",
    "- a\n- b\n\n* c\n* d",
    "- a\n\n  * x\n\n  + y\n- b",
    "- a\n\n1. b\n\n- c",
    "- a\n  3. b\n  4. c\n- d",
    "- a\n  - b\n    - c\n      - d\n- e",
    "- a\n\n  b\n\n- c",
    "- a\n\n  > quote\n\n- | a | b |\n  | --- | --- |\n  | c | d |",
    "- a\n\n  ___\n\n  b",
    "- # Heading\n\n  text",
    "- - a\n  - b\n- 1. c",
    "-\n- a",
    "s1. First\ns2. Second",
    "s1. First\ns2. Second\n\n1. c\n2. d",
    "s1. First\ns2. Second\n\n1) c\n2) d",
    "s1. First\n\ns1. Again",
    "s1. The **DSL** [asks](https://a.example/)\n\n*[DSL]: lead",
    "s1. - a\ns2. 1. b\ns3. # c",
    "- s1. First\n  s2. Second",
    "> s1. First",
    "a\\\ns1\\. b\\\n1\\. c",
    "> “Be kind.”",
    '> "Be kind," she said. "Always."',
    '> a\\\n> "b"\\\n> c',
    '> a\n>\n> “b”\n>\n> - "c"',
    '> > "deep"',
    '> **"bold"**',
    "> a\n\n> b",
    "> # Heading\n>\n> text\n>\n> | a |\n> | --- |\n> | b |",
    "Phone\n\n: 0123",
    "Phone\\\n: 0123",
    "\\: 0123",
    "See [Contact: x] and [AttachmentLink: x.pdf] and [embed:link: y].",
    "[Contact: x](https://a.example/)",
    "[Image: x.png](https://a.example/)\n\n[Attachment: x](https://a.example/)",
    "\\[Image: x.png]\n\n!!1 a",
    "^See [Contact: x]^\n\n$C\n[Contact: x] and [AttachmentLink: y]\n$C",
    ":england: a :england: and :london: b :london:",
    "{button}[a](https://a.example/){/button}",
    "{barchart} {stat-headline}a{/stat-headline} {::comment}a{:/comment} {:a} {: .b}",
    "- {: .a} b\n- {::comment/} c",
    "a\n\n{: .b}",
    "a[^1]\n\n\\[^1]: b",
    "[^1](https://a.example/)",
    "a -- b --- c ... d << e >> f .... ----",
    "it's \"so\" 'it' is, 5' 6\"",
    "| a | b |\n| --- | --- |\n| # c | d |",
    "| a | b |\n| --- | --- |\n| c | # d |",
    "|  |  |\n| --- | --- |\n| a | b |\n| - | - |\n| c | = |",
    "| a | b |\n| :-- | --: |\n| - | -- |\n| : | + |",
    "| a | b |\n| --- | --- |\n|  | c |\n| d |  |\n|  |  |",
    "| a |\n| --- |",
    "| # a | \\# b |\n| --- | --- |\n| \\# c | # |\n| # **d** | # |",
    "| a | `b` |\n| --- | --- |\n| `x\\|y` | \\` c \\| d \\` |",
    "a | b\n\n`a | b`\n\n\\| a",
    "a **b** *c* ***d*** **e *f* g** *h **i** j* _k_ __l__",
    "a**b**c and *d*e and 5*6*7 and a_b_c and **a: b**c",
    "**a***b* *c***d** *a*",
    "**bold** at the start\\\n*and* on a line **here**",
    "`a` ``b ` c`` `{x}` `a -- b` `<b>` `&copy;` `\\` `$C`",
    '[a](https://a.example/x_y*z?a=1&copy;=2 "A | \\"title\\" \\[b\\]")',
    "[a!](https://a.example/(b)) !\\[a] ![c](https://a.example/) d![e](#f)",
    "![e](https://a.example/)",
    "[a](mailto:a@b.example) <https://a.example/> https://a.example/ a@b.example",
    "[**a** `b` *c*](https://a.example/)\\\n[d](https://a.example/)",
    "x[a](https://a.example/) b)x",
    "[a]: b\n\n\\[a]: b\n\n\\*[a]: b",
    "# One\n\n## Two {#two}\n\n## 2024 {#2024-a}",
    "# C#\n\n# C \\#\n\n# 1. a {b}\n\n# a \\{#b}",
    "# a [b](#c) **d** | e",
    "The DSL and the DSL-led DSLs\n\n*[DSL]: designated safeguarding lead",
    "R&D, A&E\n\n*[R&D]: research & development\n*[A&E]: accident &amp; emergency",
    "C++ and {x}\n\n*[C++]: a language\n*[{x}]: a set",
    "**DSL** *DSL* [DSL](https://a.example/) `DSL`\n\n*[DSL]: lead",
    "$CTA\nAsk.\n\n- a\n- b\n$CTA",
    "$CTA\n| a | b |\n| --- | --- |\n| c | d |\n$CTA\n\nafter",
    "$CTA\ns1. a\ns2. b\n$CTA",
    "$CTA\nThe DSL pays 5$\\\nor $CT\n\nor $CTA $\n$CTA\n\n*[DSL]: lead",
    "before\n\n$C\n**DSL**\\\n1 High Street\\\ns1. x\\\n$A y\n\n- a\n\n*[DSL]: lead\n$C\n\nafter",
    "$E\n# Heading\n\n| a | b |\n| --- | --- |\n| DSL | d |\n\n*[DSL]: lead\n$E",
    "$I\n1. a\n2. b\n\n1) c\n$I\n\n$P\nA place\n$P\n\n$D\nA form\n$D",
    "$A\nThe office\\\n1 High Street\\\n\\# 2\n$A",
    "$A\nThe office\n\n1 High Street\n$A",
    "$C\n$A\na\\\nb\n$A\n$C",
    "> $CTA\n> a\n> $CTA",
    "- $C\n  a\n  $C",
    "$E\n^a^\n$E",
    "\\$CTA a\\\n$C b $\\\n$5 and $6, $$x$$ $",
    "\\*\\*\\* \\_\\_\\_ \\- a\\\n\\- b\\\n\\+ c\\\n\\=\\=\\=\\\n\\-\\-\\-",
    "\\~~~\\\na\\\n~~~",
    "<b>a</b> &lt;b&gt; &amp;copy; &copy; &#65; a < b > c <!-- d --> <div>",
    "\\<div>\\\n<p>a",
    "a\\\\ \\\\\\\nb \\\\\\\\",
    "a\n\n___\n\nb\n\n***",
    "a\u2028b c\u00a0d e\u200bf",
    "\\## a\n\n\\> b\n\n1\\. c\n\n1\\) d",
    "x\n===\n\ny\n---",
)

_WORDS = ("one", "two", "co-ordinator", "é", "don’t", "it's", "3.5", "DSL", "A&E", "The", "DSLs")
_AWKWARD = (
    *"*_[]()<>&#|\\`~!\"'^%$:;=+-{}@/",
    *("1. x", "1) x", "s1. x", "- x", "+ x", "# x", "> x", "---", "===", "***", "$CTA", "$C", "x["),
    *("^x^", "%x%", "{#a}", "{: .a}", "{barchart}", "[^1]", "[Contact: x]", ":london: x :london:"),
    *("a_b_c", "5 * 4", "\\|", "&copy;", "&amp;", "<b>", "--", "...", "<<", "$$x$$", "!!1", "\\"),
    *("`a`", "`a | b`", "**a**", "*b*", "**a *b* c**", "x**y**z", "[a](https://a.example/b_c)"),
    *('[a **b**](https://a.example/ "A title")', "!", "\\^", "\\%", "\\$C", "\u201c", "\u201d"),
)
_DEFINED = "*[DSL]: designated safeguarding lead\n*[A&E]: accident and emergency"


def any_text(seed: int) -> str:
    """A text of a few blocks, the same for the same seed."""
    chance = Random(seed)
    return f"{_blocks(chance, chance.randint(1, 4), depth=0)}\n\n{_DEFINED}"


def _blocks(chance: Random, number: int, *, depth: int) -> str:
    return "\n\n".join(_block(chance, depth) for _ in range(number))


def _block(chance: Random, depth: int) -> str:
    kinds: list[Callable[[Random, int], str]] = [_lines, _lines, _lines, _table, _heading, _rule]
    if depth < 3:
        kinds += [_list, _list, _numbers, _numbers, _quote]
    # Boxes and steps within others are told, not carried: they come seldom.
    if depth == 0 or chance.random() < 0.1:
        kinds += [_steps, _notice, _box]
    return chance.choice(kinds)(chance, depth)


def _lines(chance: Random, _depth: int) -> str:
    return "\\\n".join(_words(chance) for _ in range(chance.choice((1, 1, 2))))


def _table(chance: Random, _depth: int) -> str:
    rows = ["|".join(["", *(_cell(chance) for _ in range(3)), ""]) for _ in range(3)]
    return "\n".join([rows[0], "| --- | --- | --- |", *rows[1:]])


def _heading(chance: Random, _depth: int) -> str:
    return f"{'#' * chance.randint(1, 3)} {_words(chance)}"


def _rule(_chance: Random, _depth: int) -> str:
    return "___"


def _steps(chance: Random, _depth: int) -> str:
    return "\n".join(f"s{number}. {_words(chance)}" for number in range(1, 4))


def _notice(chance: Random, _depth: int) -> str:
    sign = chance.choice("^%")
    return f"{sign}one {_words(chance)}{sign}"


def _list(chance: Random, depth: int) -> str:
    return _items(chance, [chance.choice("-*+")] * chance.randint(1, 3), depth)


def _numbers(chance: Random, depth: int) -> str:
    start, end = chance.choice((1, 1, 3, 9)), chance.choice(".)")
    return _items(chance, [f"{start + n}{end}" for n in range(chance.randint(1, 3))], depth)


def _quote(chance: Random, depth: int) -> str:
    inner = _blocks(chance, chance.randint(1, 2), depth=depth + 1)
    return "\n".join(f"> {line}" for line in inner.split("\n"))


def _box(chance: Random, depth: int) -> str:
    fence = chance.choice(("$CTA", "$C", "$A", "$E", "$I", "$P", "$D"))
    return f"{fence}\n{_blocks(chance, chance.randint(1, 2), depth=depth + 1)}\n{fence}"


def _items(chance: Random, signs: list[str], depth: int) -> str:
    gap = chance.choice(("\n", "\n\n"))
    items = []
    for sign in signs:
        inner = _blocks(chance, chance.choice((1, 1, 2)), depth=depth + 1)
        items.append(f"{sign} {inner}".replace("\n", f"\n{' ' * (len(sign) + 1)}"))
    return gap.join(items)


def _cell(chance: Random) -> str:
    words = " ".join(_piece(chance) for _ in range(chance.randint(0, 2))).replace("|", "\\|")
    return f" {'# ' if chance.random() < 0.2 else ''}{words} "


def _words(chance: Random) -> str:
    return " ".join(_piece(chance) for _ in range(chance.randint(1, 5)))


def _piece(chance: Random) -> str:
    return chance.choice(_WORDS if chance.random() < 0.6 else _AWKWARD)
