"""One mail as it goes over the wire."""

from datetime import UTC, datetime

import pytest

from outbox.envelope import Envelope, mime

AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


def wire(**parts: str) -> str:
    mail = Envelope(
        **{"recipient": "a@example.org", "subject": "Words", "text": "Hello.\n", **parts}
    )
    message = mime(mail, sender="Site <site@example.org>", message_id="1.ab@example.org", at=AT)
    return bytes(message).decode()


def test_mail_says_that_it_is_automatic_so_that_robots_do_not_answer() -> None:
    assert "Auto-Submitted: auto-generated\r\n" in wire()


def test_mail_carries_the_message_id_that_it_is_given() -> None:
    assert "Message-ID: <1.ab@example.org>\r\n" in wire()


def test_mail_is_from_the_site_and_answers_go_to_the_sender() -> None:
    headers = wire(reply_to="b@example.org")
    assert "From: Site <site@example.org>\r\n" in headers
    assert "Reply-To: b@example.org\r\n" in headers


def test_mail_for_a_domain_beyond_ascii_goes_there_and_to_nobody_elses() -> None:
    headers = wire(recipient="head@straße.example", reply_to="head@straße.example")
    assert "To: head@xn--strae-oqa.example\r\n" in headers
    assert "Reply-To: head@xn--strae-oqa.example\r\n" in headers


def test_an_answer_that_would_reach_nobody_holds_no_mail_back() -> None:
    assert "Reply-To" not in wire(reply_to="a@☃.example")


@pytest.mark.parametrize("subject", ["Hello\nBcc: evil@example.org", "Hello\r\nX: y"])
def test_a_line_break_in_a_subject_is_refused(subject: str) -> None:
    with pytest.raises(ValueError, match="linefeed or carriage return"):
        wire(subject=subject)


def test_long_lines_and_lone_dots_survive_the_wire() -> None:
    text = "." + "\n.\n" + "x" * 2000 + "\n"
    body = wire(text=text)
    assert max(len(line) for line in body.split("\r\n")) <= 998
