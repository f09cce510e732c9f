from datetime import UTC, datetime

import pytest

from outbox.envelope import Envelope, UnknownKindError, ascii_address, envelope, mime, register

AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


def wire(**parts: str) -> str:
    mail = Envelope(
        **{"recipient": "a@example.org", "subject": "Words", "text": "Hello.\n", **parts}
    )
    message = mime(mail, sender="Site <site@example.org>", message_id="1.ab@example.org", at=AT)
    return bytes(message).decode()


def test_mail_says_that_it_is_automatic_so_that_robots_do_not_answer():
    assert "Auto-Submitted: auto-generated\r\n" in wire()


def test_mail_carries_the_message_id_that_it_is_given():
    assert "Message-ID: <1.ab@example.org>\r\n" in wire()


def test_mail_is_from_the_site_and_answers_go_to_the_sender():
    headers = wire(reply_to="b@example.org")
    assert "From: Site <site@example.org>\r\n" in headers
    assert "Reply-To: b@example.org\r\n" in headers


@pytest.mark.parametrize("subject", ["Hello\nBcc: evil@example.org", "Hello\r\nX: y"])
def test_a_line_break_in_a_subject_is_refused(subject: str):
    with pytest.raises(ValueError, match="linefeed or carriage return"):
        wire(subject=subject)


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
        "a@" + "b" * 70,
    ],
)
def test_what_is_not_one_address_is_refused(address: str):
    with pytest.raises(ValueError, match="Not one e-mail address"):
        ascii_address(address)


def test_a_domain_beyond_ascii_is_written_as_mail_servers_write_it():
    assert ascii_address("a@exämple.org") == "a@xn--exmple-cua.org"


def test_long_lines_and_lone_dots_survive_the_wire():
    text = "." + "\n.\n" + "x" * 2000 + "\n"
    body = wire(text=text)
    assert max(len(line) for line in body.split("\r\n")) <= 998


def test_a_kind_that_nobody_makes_is_named():
    with pytest.raises(UnknownKindError, match="no-such-kind"):
        envelope("no-such-kind", 1, AT)


def test_a_kind_has_one_maker():
    def make(subject_id: int, at: datetime) -> None:
        return None

    def other(subject_id: int, at: datetime) -> None:
        return None

    register("test-twice", make)
    register("test-twice", make)
    with pytest.raises(ValueError, match="Two makers"):
        register("test-twice", other)
