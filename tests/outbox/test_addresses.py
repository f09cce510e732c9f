"""Which addresses mail can be made for, and which spellings are one address."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outbox.addresses import DomainError, ascii_address, mailbox_key, tidied

# Characters that change how an address is written and not which it is, and some that do.
ODD = st.text(alphabet="aß.@-ＡＢ．＠ ǅéN\u0301\u200b\u200c\u200d\u202e\u3002\ufeffς☃نक\u094d\n")


@pytest.mark.parametrize(
    "address",
    [
        "",
        "nobody",
        "@example.org",
        "a@",
        "a@b,c@d",
        "a b@example.org",
        "a@b\nc",
        "<a@b>",
        "a;b@c",
        "İ@b.com",
        '"a,b"@c.com',
        "a@b..c",
        "a@b..",
        "a@-b.example",
        "a@b-.example",
        "a@" + "b" * 70,
        "a" * 250 + "@b.com",
        "joe²@b.com",
        "a@" + "ä" * 60 + ".example",
    ],
)
def test_what_is_not_one_address_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match=r"Not one e-mail address|Not a domain"):
        ascii_address(address)


@pytest.mark.parametrize(
    ("domain", "host"),
    [
        ("exämple.org", "xn--exmple-cua.org"),
        ("straße.example", "xn--strae-oqa.example"),
        ("STRAẞE.example", "xn--strae-oqa.example"),
        ("λόγος.example", "xn--oxapnm1c.example"),
        ("نامه\u200cای.example", "xn--mgba3gch31f060k.example"),
        ("نامهای.example", "xn--mgba3gch31f.example"),
        ("ශ්\u200dරී.example", "xn--10cl1a0b660p.example"),
        ("bücher.r3---sn.example", "xn--bcher-kva.r3---sn.example"),
    ],
)
def test_a_domain_beyond_ascii_is_nobody_elses(domain: str, host: str) -> None:
    assert ascii_address(f"a@{domain}") == f"a@{host}"
    assert ascii_address(f"a@{host}") == f"a@{host}"


@pytest.mark.parametrize("domain", ["☃.example", "a·b.example", "xn--é.example", "אa.example"])
def test_a_domain_that_todays_rules_refuse_is_refused_as_one(domain: str) -> None:
    with pytest.raises(DomainError):
        ascii_address(f"a@{domain}")


SPELLINGS = {
    "as it is": "second@exämple.net",
    "capitals of the domain": "second@EXÄMPLE.NET",
    "zero width space within": "second@exä\u200bmple.net",
    "word joiner before the @": "second\u2060@exämple.net",
    "byte order mark before": "\ufeffsecond@exämple.net",
    "white space and marks around": " \u200e\u00a0second@exämple.net\u202c\t\u2069 ",
    "soft hyphen": "sec\u00adond@exäm\u00adple.net",
    "variation selector": "second\ufe0f@exämple.net",
    "tag characters": "sec\U000e0041ond@exämple.net",
    "bidirectional override": "second@\u202eexämple.net",
    "a joiner that joins nothing": "second@ex\u200dämple.net",
    "a non-joiner at the end": "second@exämple.net\u200c",
    "full width": "ｓｅｃｏｎｄ＠ｅｘämple．ｎｅｔ",
    "small @": "second﹫exämple.net",
    "decomposed": unicodedata.normalize("NFD", "second@exämple.net"),
    "ideographic full stop": "second@exämple\u3002net",
    "half-width full stop": "second@exämple\uff61net",
    "a dot at the end": "second@exämple.net.",
    "an ideographic full stop at the end": "second@exämple.net\u3002",
    "already in ASCII": "second@xn--exmple-cua.net",
    "ASCII in capitals": "second@XN--EXMPLE-CUA.net",
    "in mathematical letters": "second@exäm\U0001d429le.net",
}


@pytest.mark.parametrize("spelling", SPELLINGS.values(), ids=SPELLINGS)
def test_every_spelling_of_an_address_is_one_address(spelling: str) -> None:
    assert ascii_address(spelling) == "second@xn--exmple-cua.net"
    assert mailbox_key(spelling) == "second@xn--exmple-cua.net"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("head@straße.example", "head@strasse.example"),
        ("a@λόγος.example", "a@λόγοσ.example"),
        ("a@نامه\u200cای.example", "a@نامهای.example"),
        ("a.b@example.org", "ab@example.org"),
        ("a+1@example.org", "a@example.org"),
        ("a@example.org", "a@example.org.uk"),
        ("a@exämple.org", "a@example.org"),
    ],
)
def test_what_are_two_addresses_stay_two(one: str, other: str) -> None:
    assert mailbox_key(one) != mailbox_key(other)


def test_capitals_before_the_at_are_kept_for_the_server_and_make_no_other_mailbox() -> None:
    assert ascii_address("Ada@Example.org") == "Ada@example.org"
    assert mailbox_key("Ada@Example.org") == mailbox_key("ada@example.org")


def test_what_was_once_taken_and_is_no_address_any_more_is_still_found_by_its_spellings() -> None:
    assert mailbox_key(" A@☃\u200b.example") == mailbox_key("a@☃.EXAMPLE")


def test_what_people_are_shown_is_readable_and_has_nothing_unseen() -> None:
    assert tidied("\u200bHead@STRAße.example. ") == "Head@straße.example"
    assert tidied("no\u200bbody") == "nobody"
    assert tidied("\u200b \ufeff") == ""


@given(ODD)
def test_what_people_are_shown_is_where_mail_goes_and_tidying_twice_changes_nothing(
    text: str,
) -> None:
    shown = tidied(text)
    assert tidied(shown) == shown
    assert mailbox_key(shown) == mailbox_key(text)


@pytest.mark.parametrize(
    "text", ["a@" + "ä" * 10_000, "a@" + "\u200c" * 10_000, "\u200b" * 10_000 + "@b.example"]
)
def test_text_far_too_long_is_refused_before_anybody_reads_it_letter_by_letter(text: str) -> None:
    assert tidied(text) == text
    with pytest.raises(ValueError, match="Not one e-mail address"):
        ascii_address(text)
