"""What mail servers report, in every spelling that is legal, and what is no report at all."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from quopri import encodestring

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outbox.bounces import Bounce, Verdict, read_bounce

TOKEN = "0123456789abcdef0123456789abcdef"
TO = f"To: bounces+{TOKEN}@rpec.example\n"
FAILED = "Final-Recipient: rfc822; a@school.example\nAction: failed\nStatus: 5.1.1\n"
DELIVERED = "Final-Recipient: rfc822; b@school.example\nAction: delivered\nStatus: 2.0.0\n"
UTF8 = "Final-Recipient: utf-8; schüler@schule.example\nAction: failed\nStatus: 5.1.1\n"
TOP = "Reporting-MTA: dns; mail.example\n\n"


def report(
    blocks: str,
    *,
    kind: str = "message/delivery-status",
    multipart: str = 'multipart/report; report-type=delivery-status; boundary="b"',
    encoding: str = "",
    encode: Callable[[bytes], bytes] = bytes,
) -> bytes:
    head = f"{TO}MIME-Version: 1.0\nContent-Type: {multipart}\n\n"
    words = "--b\nContent-Type: text/plain\n\nIt could not be delivered.\n"
    named = f"Content-Transfer-Encoding: {encoding}\n" if encoding else ""
    part = f"--b\nContent-Type: {kind}\n{named}\n".encode()
    return head.encode() + words.encode() + part + encode((TOP + blocks).encode()) + b"\n--b--\n"


def read(raw: bytes) -> Bounce:
    bounce = read_bounce(raw)
    assert bounce is not None
    return bounce


SPELLINGS = {
    "comment after it": report(FAILED.replace("failed", "failed (bounced)")),
    "comment before it": report(FAILED.replace("failed", "(for (good) ever) failed")),
    "capitals": report(FAILED.replace("Action: failed", "ACTION: Failed")),
    "folded field": report(FAILED.replace("Action: failed", "Action:\n  failed")),
    "space before the colon": report(FAILED.replace("Action:", "Action :")),
    "another order": report(
        "Status: 5.1.1\nAction: failed\nFinal-Recipient: rfc822; a@b.example\n"
    ),
    "blank lines more": report("\n\n" + FAILED + "\n\n\n"),
    "lines that hold only blanks": report(DELIVERED + " \t\n" + FAILED),
    "one block for everything": report(FAILED).replace(b"mail.example\n\n", b"mail.example\n"),
    "line ends of the wire": report(FAILED).replace(b"\n", b"\r\n"),
    "type in capitals": report(FAILED, kind="Message/Delivery-Status"),
    "type with a comment": report(FAILED, kind="message/delivery-status (RFC 3464)"),
    "type with parameters": report(FAILED, kind='message/delivery-status; name="status (1).txt"'),
    "folded type": report(
        FAILED, multipart='multipart/report;\n\treport-type=delivery-status;\n\tboundary="b"'
    ),
    "boundary without quotes": report(FAILED, multipart="multipart/report; boundary=b"),
    "comment beside the boundary": report(
        FAILED, multipart='multipart/report; (x) boundary="b"(y)'
    ),
    "an escaped boundary": report(FAILED, multipart='multipart/report; boundary="\\b"'),
    "another multipart": report(FAILED, multipart="multipart/mixed; boundary=b"),
    "base64": report(FAILED, encoding="BASE64", encode=b64encode),
    "quoted-printable": report(
        FAILED.replace("failed", "fail=65d"), encoding="Quoted-Printable (x)", encode=bytes
    ),
    "quoted-printable, long lines": report(
        FAILED + f"Diagnostic-Code: smtp; {'x' * 300}\n",
        encoding="quoted-printable",
        encode=encodestring,
    ),
    "internationalised": report(UTF8, kind="message/global-delivery-status"),
    "internationalised, base64": report(
        UTF8, kind="message/global-delivery-status", encoding="base64", encode=b64encode
    ),
    "not a multipart": (f"{TO}Content-Type: message/delivery-status\n\n{TOP}{FAILED}").encode(),
    "cut off": report(FAILED).removesuffix(b"\n--b--\n"),
    "passed on within a mail": (
        f"{TO}Content-Type: multipart/mixed; boundary=m\n\n--m\nContent-Type: message/rfc822\n\n"
    ).encode()
    + report(FAILED)
    + b"\n--m--\n",
}


@pytest.mark.parametrize("raw", SPELLINGS.values(), ids=SPELLINGS)
def test_each_legal_spelling_of_a_failure_is_read(raw: bytes) -> None:
    assert read(raw).verdict is Verdict.FAILED


@pytest.mark.parametrize(
    "blocks",
    [
        DELIVERED + "\n" + FAILED,
        FAILED + "\n" + DELIVERED,
        DELIVERED + FAILED,
        DELIVERED.replace("delivered", "delayed") + "\n" + FAILED.replace("5.1.1", "4.4.7"),
    ],
)
def test_a_recipient_who_got_it_does_not_hide_one_who_did_not(blocks: str) -> None:
    assert read(report(blocks)).verdict is Verdict.FAILED


def test_what_a_returned_mail_brings_along_is_not_the_report() -> None:
    inner = report(FAILED).replace(b"--b", b"--c").replace(b'"b"', b'"c"')
    raw = report(DELIVERED.replace("delivered", "delayed")).removesuffix(b"--b--\n")
    raw += b"--b\nContent-Type: message/rfc822\n\n" + inner + b"\n--b--\n"
    assert read(raw).verdict is Verdict.GOES_ON


QMAIL = """From: MAILER-DAEMON@mail.example
Subject: failure notice

Hi. This is the qmail-send program at mail.example.
I'm afraid I wasn't able to deliver your message to the following addresses.

<gone@school.example>:
Sorry, no mailbox here by that name. (#5.1.1)
"""
EXIM = """From: Mail Delivery System <Mailer-Daemon@mail.example>
Auto-Submitted: auto-replied
X-Failed-Recipients: gone@school.example
Subject: Mail delivery failed: returning message to sender

This message was created automatically by mail delivery software.
"""


@pytest.mark.parametrize(
    "raw",
    [
        (TO + QMAIL).encode(),
        (TO + EXIM).encode(),
        f"{TO}From: someone@school.example\n\nShe left last year.".encode(),
        f"{TO}\n".encode(),
        report("Status: 5.1.1\n"),
        report("Action: bounced\n"),
        report(FAILED, encoding="base64"),
        report(FAILED, multipart="multipart/report"),
        report(FAILED, multipart="multipart/report; boundary=other"),
    ],
)
def test_what_is_no_report_that_can_be_read_is_for_a_person(raw: bytes) -> None:
    assert read(raw).verdict is Verdict.UNREADABLE


def test_the_words_of_a_bounce_in_plain_words_are_kept() -> None:
    assert read((TO + QMAIL).encode()).words.startswith("Hi. This is the qmail-send program")


@pytest.mark.parametrize(
    ("fields", "verdict"),
    [
        ("From: head@school.example\nAuto-Submitted: auto-replied (vacation)", Verdict.GOES_ON),
        (
            "From: head@school.example\nAuto-Submitted: auto-generated\n"
            "X-Auto-Response-Suppress: All",
            Verdict.GOES_ON,
        ),
        ("From: Mail Delivery System <x@y.example>\nAuto-Submitted: auto-replied", None),
        ("From: noreply@gateway.example\nAuto-Submitted: auto-generated", None),
        ("Auto-Submitted: auto-replied", None),
        (
            "From: MicrosoftExchange329e71ec@school.example\nAuto-Submitted: auto-generated\n"
            "X-Auto-Response-Suppress: All",
            None,
        ),
    ],
)
def test_an_answer_by_a_persons_robot_is_no_bounce_and_a_servers_may_be(
    fields: str, verdict: Verdict | None
) -> None:
    raw = f"{TO}{fields}\n\nI am away."
    assert read(raw.encode()).verdict is (verdict or Verdict.UNREADABLE)


@pytest.mark.parametrize(
    "field",
    [
        f"To: <BOUNCES+{TOKEN.upper()}@RPEC.EXAMPLE>",
        f"To: someone@rpec.example,\n\tbounces+{TOKEN}@rpec.example",
        f"Delivered-To: SRS0=HHH=TT=rpec.example=bounces+{TOKEN}@forwarder.example",
        f"X-Original-To: bounces+{TOKEN}@rpec.example",
        f'To: "bounces" (the site) <bounces+{TOKEN}@rpec.example>',
    ],
)
def test_the_token_is_found_however_the_address_is_written(field: str) -> None:
    assert read(report(FAILED).replace(TO.encode(), f"{field}\n".encode())).token == TOKEN


def test_a_report_without_the_token_is_known_by_the_message_id_of_what_it_returns() -> None:
    returned = f"--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: <20261201120000.{TOKEN}@x>\n"
    raw = report(FAILED).replace(TO.encode(), b"To: site@rpec.example\n")
    raw = raw.replace(b"\n--b--\n", b"\n" + returned.encode() + b"\n--b--\n")
    assert (read(raw).token, read(raw).verdict) == (TOKEN, Verdict.FAILED)


def test_what_is_kept_of_the_words_has_no_control_characters_and_no_hidden_address() -> None:
    words = "Diagnostic-Code: smtp; 550\0 gone+40school.example \\x{40} \x1b[1m\n"
    assert read(report(FAILED + words)).words == (
        "failed 5.1.1 smtp; 550  gone@school.example @  [1m"
    )


HOSTILE = {
    "endless comment": f"{TO}Content-Type: {'(' * 300_000}\n\n",
    "open quotes": f"{TO}Content-Type: {chr(34) * 300_000}\n\n",
    "backslashes": TO.replace("To: ", "To: " + "\\" * 300_000) + "\n",
    "dots": f"{TO}To: {'.' * 300_000}\n\n",
    "groups": f"{TO}To: {'g:a;' * 100_000}\n\n",
    "folded": f"{TO}To: {'x' + chr(10) + ' '}" * 50_000 + "\n\n",
    "parameters": f"{TO}Content-Type: multipart/report{';boundary' * 50_000}\n\n",
    "nested": TO + "Content-Type: multipart/mixed; boundary=b\n\n--b\n" * 20_000,
    "mails within mails": TO + "Content-Type: message/rfc822\n\n" * 20_000,
    "many parts": f"{TO}Content-Type: multipart/mixed; boundary=b\n\n" + "--b\n\nx\n" * 100_000,
    "no lines": f"{TO}\n" + "\0" * 900_000,
}


@pytest.mark.parametrize("raw", HOSTILE.values(), ids=HOSTILE)
def test_what_is_made_to_take_long_or_to_nest_is_for_a_person(raw: str) -> None:
    bounce = read_bounce(raw.encode(), f"bounces+{TOKEN}@rpec.example")
    assert bounce is not None
    assert bounce.verdict is Verdict.UNREADABLE


@given(
    st.sampled_from([*SPELLINGS.values()]),
    st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=6), st.integers(0, 40)), max_size=6),
)
def test_no_damage_to_a_report_raises(raw: bytes, changes: list[tuple[float, bytes, int]]) -> None:
    for place, words, cut in changes:
        at = int(place * len(raw))
        raw = raw[:at] + words + raw[at + cut :]
    bounce = read_bounce(raw, f"bounces+{TOKEN}@rpec.example")
    assert bounce is not None
    assert bounce.words.isprintable()
