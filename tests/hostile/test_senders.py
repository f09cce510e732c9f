"""Robots, crowds and other senders, against the real server."""

from __future__ import annotations

import re
import urllib.parse
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.hostile.running import FORM
from tests.processes import TYPED, wait_for

WAITING = """
from outbox.models import Message
print(Message.objects.undelivered().count())
"""


def test_one_word_or_all_links_is_accepted_or_visibly_held(running):
    assert running.state(running.post(message="Help").reference)[0] == "new"
    held = running.post(message="https://a.example https://b.example").reference
    assert running.state(held)[0] == "held"
    desk = running.sign_in("coordinator-north-west")
    inbox = running.ask("GET", "/admin/contact/enquiry/?show=held", headers=desk)
    assert held in inbox.text


def test_a_honeypot_filled_by_a_browser_is_held_and_can_be_released(running):
    reference = running.post(website="https://school.example").reference
    state, key, *_ = running.state(reference)
    assert state == "held"
    assert running.ask("GET", f"/contact/sent/{reference}/").status == 200
    desk = running.sign_in("coordinator-north-west")
    page = f"/admin/contact/enquiry/{key}"
    assert running.post_as(desk, f"{page}/change/", at=f"{page}/release/").status == 302
    assert len(running.mails(reference)) >= 1


@pytest.mark.parametrize("age", ["", "1 second", "not ours", "an old token"])
def test_without_cookies_or_script_soon_or_late_there_is_no_dead_end(running, age):
    token = {"": "", "not ours": "x" * 500, "an old token": "abc.1700000000:bad"}.get(age)
    if token is None:
        page = running.ask("GET", "/contact/").text
        token = re.findall(r'name="token" value="([^"]+)"', page)[0]
    answer = running.post(token=token, message=f"Sent after {age}")
    assert answer.status == 302
    assert "Set-Cookie" not in answer.headers
    assert running.state(answer.reference)[0] == "new"


def test_thirty_people_behind_one_schools_address_are_all_accepted(running):
    def send(number: int) -> str:
        body = urllib.parse.urlencode(
            {**TYPED, "email": f"p{number}@big.example", "token": f"b{number}"}
        )
        headers = {
            **FORM,
            "X-Forwarded-For": f"81.2.70.{number}, 81.2.69.30",
        }
        return running.ask("POST", "/contact/", body, headers).reference

    with ThreadPoolExecutor(8) as pool:
        references = list(pool.map(send, range(30)))
    assert len(set(references)) == 30
    assert {running.state(reference)[0] for reference in references[::10]} == {"new"}


def test_a_victims_address_used_a_thousand_times_gets_one_mail(running):
    victim = "victim@school.example"

    def send(number: int) -> int:
        body = urllib.parse.urlencode({**TYPED, "email": victim, "token": f"v{number}"})
        headers = {
            **FORM,
            "X-Forwarded-For": f"81.2.69.{number % 100 + 100}",
        }
        return running.ask("POST", "/contact/", body, headers).status

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(send, range(1000))) == {302}
    last = running.post(message="The last of all", email="last@school.example").reference
    wait_for(
        lambda: running.site.run(WAITING).strip() == "0",
        "an empty queue",
        seconds=240,
    )
    assert running.mails(last)
    got = [mail for mail in running.mail.received if mail.recipient == victim]
    assert len(got) == 1


def test_a_known_and_an_unknown_sender_are_told_the_same(running):
    """Whether an address was seen before is nobody's business; sign-up has no page yet."""

    def page_of(address: str) -> str:
        reference = running.post(email=address, message=f"From {address}").reference
        page = running.ask("GET", f"/contact/sent/{reference}/").text
        return re.sub(r"\d{1,2}(:\d\d)?[ap]m|midday|midnight", "", page.replace(reference, ""))

    known = [page_of("known@school.example") for _ in range(5)]
    assert {*known, page_of("unknown@school.example")} == {known[0]}
