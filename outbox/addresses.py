"""E-mail addresses: what was meant by what was typed, and how mail servers write it.

Limits, look-ups and envelopes all go by `ascii_address`, so that one mailbox is one address.
"""

from __future__ import annotations

import re
import unicodedata

import idna

# What every mail server takes before the @ (RFC 5321's dot-string): nothing quoted, only ASCII.
_LOCAL_PART = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_HOST = re.compile(r"(?:(?!-)[a-z0-9-]{1,63}(?<!-)\.)*(?!-)[a-z0-9-]{1,63}(?<!-)")
# The longest that mail can be sent to (RFC 5321, 4.5.3.1.3, without the <>).
LONGEST = 254
# Longer text is not even looked at: no address hides so many invisible characters.
_LONGEST_TYPED = 1000
# What Unicode calls default ignorable, and the blank Braille cell: nobody sees them in an address.
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_JOINERS = "\u200c\u200d"
# The same character in another width or size, as keyboards for Chinese and Japanese write it.
_WIDTHS = ("<wide>", "<narrow>", "<small>")


class DomainError(ValueError):
    """What is behind the @ is no domain by today's rules (IDNA 2008)."""


def tidied(text: str) -> str:
    """Return an address as it was meant, readable: this is what people are shown.

    Without invisible characters and white space around it, in usual width, its domain in the
    spelling that domains have (small letters, composed, without a dot at the end). What is no
    address comes back as nearly so as can be; it never raises, and tidying twice changes nothing.
    """
    local, at, domain = _split(text)
    try:
        ascii_address(text)
    except ValueError:
        return f"{local}{at}{_without_joiners(domain)}"
    return f"{local}{at}{_readable(domain)}"


def ascii_address(address: str) -> str:
    """Return the address as mail servers write it, its domain in ASCII (`xn--…`).

    All spellings of one address give the same. Domains follow IDNA 2008 (RFC 5891) after the
    mapping of UTS 46: ß, ς and joiners stay what they are. Raises ValueError for what cannot be an
    address, so that nothing is ever sent on a guess: DomainError where that is for its domain.
    """
    local, _, domain = _split(address)
    if not domain or not _LOCAL_PART.fullmatch(local):
        raise ValueError("Not one e-mail address.")
    host = ".".join(map(_ascii_label, _readable(domain).split(".")))
    if not _HOST.fullmatch(host) or len(local) + 1 + len(host) > LONGEST:
        raise ValueError("Not one e-mail address.")
    return f"{local}@{host}"


def mailbox_key(address: str) -> str:
    """Return what all spellings of an address have in common, for comparing; it never raises.

    Mail servers may tell capitals before the @ apart (RFC 5321, 2.4); none is known that does.
    """
    try:
        return ascii_address(address).lower()
    except ValueError:
        return tidied(address).lower()


def _split(text: str) -> tuple[str, str, str]:
    """Return what stands before the @, the @ and the domain, which keeps its joiners.

    Without an @, the last two are blank.
    """
    if len(text) > _LONGEST_TYPED:
        return text, "", ""
    local, at, domain = "".join(map(_usual_width, _trimmed(text))).rpartition("@")
    if not at:
        return _seen(domain), "", ""
    return _seen(local), at, _seen(domain, but=_JOINERS)


def _trimmed(text: str) -> str:
    """Drop at both ends what nobody sees, in whichever order it stands there."""
    start, end = 0, len(text)
    while start < end and (text[start].isspace() or _UNSEEN.match(text[start])):
        start += 1
    while end > start and (text[end - 1].isspace() or _UNSEEN.match(text[end - 1])):
        end -= 1
    return text[start:end]


def _seen(text: str, *, but: str = "") -> str:
    shown = _UNSEEN.sub(lambda match: match[0] if match[0] in but else "", text)
    return unicodedata.normalize("NFC", shown)


def _usual_width(character: str) -> str:
    if unicodedata.decomposition(character).startswith(_WIDTHS):
        return unicodedata.normalize("NFKC", character)
    return character


def _readable(domain: str) -> str:
    """Return the domain mapped by UTS 46. Raises DomainError."""
    if len(domain) > LONGEST:
        raise DomainError("The domain is too long.")
    try:
        mapped = idna.uts46_remap(domain, std3_rules=False)
    except idna.IDNAError as error:
        raise DomainError("Not a domain.") from error
    return _without_joiners(mapped).removesuffix(".")


def _without_joiners(domain: str) -> str:
    """Drop the joiners that join nothing: nobody sees them, and no domain may have them there.

    Those that do (RFC 5892, appendix A) tell two domains apart, in Persian or Sinhala.
    """
    for place in reversed(range(len(domain))):
        if domain[place] in _JOINERS and not _joins(domain, place):
            domain = domain[:place] + domain[place + 1 :]
    return domain


def _joins(domain: str, place: int) -> bool:
    try:
        return idna.valid_contextj(domain, place)
    except ValueError:
        return False


def _ascii_label(label: str) -> str:
    """Return a part of a domain in ASCII. One that is so already is the mail server's to judge."""
    if label.isascii():
        return label
    try:
        return idna.alabel(label).decode("ascii")
    except ValueError as error:  # IDNAError is one.
        raise DomainError("Not a domain.") from error
