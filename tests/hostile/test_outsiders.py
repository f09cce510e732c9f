"""Who follows links, guesses addresses or forges requests reaches nothing."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor


def test_a_scanner_that_follows_every_link_a_thousand_times_changes_nothing(running):
    reference = running.post(message="Links", email="links@school.example").reference
    running.mails(reference)
    text = "\n".join(
        part.get_payload(decode=True).decode()
        for mail in list(running.mail.received)
        if reference in mail.message["Subject"]
        for part in mail.message.walk()
        if part.get_content_maintype() == "text"
    )
    links = set(re.findall(rf"{running.site.address}(/[^\s\"<]*)", text))
    assert any("/answered/" in link for link in links)
    before, state = running.counts(), running.state(reference)
    desk = running.sign_in("coordinator-north-west")

    def follow(number: int) -> int:
        link = sorted(links)[number % len(links)]
        headers = desk if number % 3 else {}
        return running.ask("HEAD" if number % 2 else "GET", link, headers=headers).status

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(follow, range(1000))) <= {200, 302}
    assert (running.counts(), running.state(reference)) == (before, state)


def test_another_regions_enquiry_is_not_there(running):
    reference = running.post(place="Leeds").reference
    key = running.state(reference)[1]
    desk = running.sign_in("coordinator-north-west")
    for page in ("change", "history", "delete", "answered"):
        path = f"/admin/contact/enquiry/{key}/{page}/"
        assert running.ask("GET", path, headers=desk).status == 404
    found = running.ask("GET", f"/admin/contact/enquiry/?q={reference}", headers=desk)
    assert "0 enquiries" in found.text


def test_evil_hosts_methods_and_paths_get_nothing(running):
    assert running.ask("GET", "/", headers={"Host": "evil.example"}).status == 400
    assert running.ask("TRACE", "/contact/").status == 405
    assert running.ask("DELETE", "/contact/").status == 405
    for path in ("/.git/config", "/.env", "/..%2f..%2fetc/passwd", "/static/../manage.py"):
        assert running.ask("GET", path).status == 404
    away = running.ask("GET", "/admin/login/?next=//evil.example/").text
    assert 'href="//evil' not in away
