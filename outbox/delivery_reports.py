"""What mail servers report of a mail's fate (RFC 3464 and 6533), in whatever legal spelling.

A report comes from anywhere: nothing that it holds may take long, nest without end or raise.
"""

from __future__ import annotations

import re
from binascii import Error, a2b_base64, a2b_qp
from collections.abc import Iterator
from dataclasses import dataclass, field

# Of a header section that is read, of one field when unfolded, and of the parts of a mail.
_LONGEST_HEADERS = 200_000
_LONGEST_FIELD = 2_000
_MOST_PARTS = 100
_DEEPEST = 6

_BLANK_LINE = re.compile(rb"\r?\n\r?\n")
_NAME = re.compile(r"[!-9;-~]+")
_PARAMETER = re.compile(r';\s*boundary\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;]+))', re.IGNORECASE)
_PIECES = re.compile(r'"(?:[^"\\]|\\.)*"?|\\.|[()]|[^"\\()]+', re.DOTALL)
_ATOM = re.compile(r"[a-z-]+")

_REPORTS = frozenset({"message/delivery-status", "message/global-delivery-status"})
_MAILS = frozenset({"message/rfc822", "message/global"})

Fields = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Part:
    """A mail, or a part of one. Names of fields are in small letters; values are unfolded."""

    fields: Fields
    body: bytes
    level: int = 0

    def all(self, name: str) -> list[str]:
        """Return the values of a field, in their order."""
        return [value for found, value in self.fields if found == name]

    def first(self, name: str) -> str:
        """Return the first value of a field, "" where there is none."""
        return next(iter(self.all(name)), "")

    @property
    def content_type(self) -> str:
        """The type, in small letters; text where none is given (RFC 2045, 5.2)."""
        kind = "".join(_plain(self.first("content-type")).partition(";")[0].split())
        return kind.lower() or "text/plain"

    @property
    def content(self) -> bytes:
        """The body, decoded. Raises ValueError for what is not in the encoding that it names."""
        encoding = _plain(self.first("content-transfer-encoding")).strip().lower()
        try:
            if encoding == "base64":
                return a2b_base64(self.body)
            return a2b_qp(self.body) if encoding == "quoted-printable" else self.body
        except Error as error:
            raise ValueError("Not in the encoding that it names.") from error


@dataclass(slots=True)
class Outcome:
    """What a report says of one recipient: `action` and `status` in small letters, blank if none.

    `diagnosis` is in the words of the server that refused it.
    """

    fields: dict[str, str] = field(default_factory=dict)

    @property
    def action(self) -> str:
        found = _ATOM.search(_plain(self.fields.get("action", "")).lower())
        return found[0] if found else ""

    @property
    def status(self) -> str:
        return _plain(self.fields.get("status", "")).strip()

    @property
    def diagnosis(self) -> str:
        return " ".join(self.fields.get("diagnostic-code", "").split())


def read_mail(raw: bytes) -> Part:
    """Return a mail with its fields read and its body as it came."""
    return _part(raw, 0)


def outcomes(mail: Part) -> list[Outcome]:
    """Return what a mail reports, of all recipients; empty where it holds no report.

    What a mail brings along within another mail counts only where it reports nothing itself.
    """
    reports = [part for part in parts(mail) if part.content_type in _REPORTS]
    for level in sorted({part.level for part in reports}):
        found = [
            outcome
            for part in reports
            if part.level == level
            for outcome in _outcomes(part)
            if outcome.action
        ]
        if found:
            return found
    return []


def words_of(mail: Part, *, longest: int) -> str:
    """Return the beginning of what a mail says to people, on one line."""
    for part in parts(mail):
        if part.content_type == "text/plain":
            try:
                text = part.content.decode(errors="replace")
            except ValueError:
                continue
            return " ".join(text[: longest * 4].split())[:longest]
    return ""


def parts(mail: Part) -> Iterator[Part]:
    """Yield the parts that hold something, those of mails within the mail too. Not all, if endless.

    `level` counts how many mails a part lies within.
    """
    waiting = [(mail, 0)]
    for _ in range(_MOST_PARTS):
        if not waiting:
            return
        part, depth = waiting.pop(0)
        inner = _inside(part) if depth < _DEEPEST else []
        if inner:
            waiting[:0] = [(piece, depth + 1) for piece in inner]
        else:
            yield part


def _inside(part: Part) -> list[Part]:
    if part.content_type in _MAILS:
        try:
            return [_part(part.content, part.level + 1)]
        except ValueError:
            return []
    boundary = _boundary(part) if part.content_type.startswith("multipart/") else ""
    if not boundary:
        return []
    lines = re.compile(
        rb"(?:\A|\r?\n)--" + re.escape(boundary.encode()) + rb"(?:--)?[ \t]*\r?(?=\n|\Z)"
    )
    pieces = lines.split(part.body, maxsplit=_MOST_PARTS)[1:]
    return [_part(piece.removeprefix(b"\n"), part.level) for piece in pieces if piece.strip()]


def _boundary(part: Part) -> str:
    found = _PARAMETER.search(_plain(part.first("content-type")))
    if found is None:
        return ""
    return re.sub(r"\\(.)", r"\1", found[1]) if found[1] else found[2] or ""


def _part(raw: bytes, level: int) -> Part:
    if raw.startswith((b"\n", b"\r\n")):
        return Part([], raw.lstrip(b"\r\n"), level)  # No fields: a part of a multipart may be so.
    end = _BLANK_LINE.search(raw)
    head, body = (raw[: end.start()], raw[end.end() :]) if end else (raw, b"")
    return Part(_fields(head[:_LONGEST_HEADERS].decode(errors="replace")), body, level)


def _outcomes(part: Part) -> list[Outcome]:
    """Return what each block says; a block that names two recipients is taken for two."""
    try:
        text = part.content.decode(errors="replace")
    except ValueError:
        return []
    found = []
    for block in re.split(r"\n[ \t\r]*\n", text.lstrip().replace("\r\n", "\n")):
        outcome = Outcome()
        for name, value in _fields(block):
            if name in outcome.fields and name in {"action", "final-recipient"}:
                found.append(outcome)
                outcome = Outcome()
            outcome.fields.setdefault(name, value)
        found.append(outcome)
    return found


def _fields(head: str) -> Fields:
    """Return the fields of a header section or a block, unfolded; what is none is left out."""
    found: list[tuple[str, list[str]]] = []
    for line in head.splitlines():
        if line[:1] in {" ", "\t"}:
            if found:
                found[-1][1].append(line)
            continue
        name, colon, value = line.partition(":")
        if colon and _NAME.fullmatch(name.rstrip()):
            found.append((name.rstrip().lower(), [value]))
    return [(name, "".join(lines)[:_LONGEST_FIELD].strip()) for name, lines in found]


def _plain(value: str) -> str:
    """Return a field's value without its comments (RFC 5322, 3.2.2), which may be nested."""
    depth, kept = 0, []
    for piece in _PIECES.findall(value):
        if piece == "(":
            depth += 1
        elif piece == ")":
            depth = max(depth - 1, 0)
        elif not depth:
            kept.append(piece)
    return "".join(kept)
