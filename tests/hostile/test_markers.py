"""A hundred marker words sent over HTTP: nowhere in clear but in mail, and gone after retention."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.hostile.running import Running
from tests.processes import new_site, wait_for
from tests.smtp import running_mail_server

MARKERS = [f"marker{number:03}word" for number in range(100)]
# What every table of the database holds, as its driver gives it.
FOUND = """
from django.db import connection
wanted = {wanted!r}
rows = []
with connection.cursor() as cursor:
    for table in connection.introspection.table_names(cursor):
        cursor.execute("SELECT * FROM " + connection.ops.quote_name(table))
        for row in cursor.fetchall():
            rows.append(" ".join(
                bytes(c).decode(errors="replace") if isinstance(c, (bytes, memoryview)) else str(c)
                for c in row
            ))
held = "\\n".join(rows).lower()
import json
print(json.dumps([word for word in wanted if word.lower() in held]))
"""
# As if their year and more were over.
CLOSED = """
from datetime import timedelta
from django.utils import timezone
from contact.models import Enquiry
from outbox.models import Message
then = timezone.now() - timedelta(days=400)
Enquiry.objects.update(state="closed", closed_at=then, last_step_at=then)
"""
LEFT = """
from contact.models import Enquiry, Event
from outbox.models import Attempt, Message
print([model.objects.count() for model in (Enquiry, Event, Message, Attempt)])
"""
UNDELIVERED = "from outbox.models import Message; print(Message.objects.undelivered().count())"


def test_a_hundred_marker_words_are_nowhere_in_clear_and_gone_after_retention(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
):
    with running_mail_server() as mail, new_site(tmp_path, email_url=mail.url) as site:
        site.start_web()
        site.start_worker()
        running = Running(site, mail)
        references = []
        for first in range(0, 100, 10):
            words = MARKERS[first : first + 10]
            sent = running.post(
                full_name=words[0],
                email=f"{words[1]}@school.example",
                organisation=words[2],
                role=words[3],
                message=" ".join(words[4:]),
                token=words[4],
            )
            references.append(sent.reference)
        wait_for(lambda: site.run(UNDELIVERED).strip() == "0", "an empty queue")
        mailed = " ".join(message.message.as_string() for message in mail.received)
        assert all(reference in mailed for reference in references)

        desk = running.sign_in("coordinator-north-west")
        key = running.state(references[0])[1]
        for step, form in (
            ("note", {"note": f"{MARKERS[0]} called about {MARKERS[5]}"}),
            ("hand-over", {"to": "london", "note": MARKERS[6]}),
        ):
            path = f"/admin/contact/enquiry/{key}/{step}/"
            assert running.post_as(desk, path, **form).status == 302
        running.ask("GET", f"/admin/contact/enquiry/?q={MARKERS[7]}", headers=desk)
        wait_for(lambda: site.run(UNDELIVERED).strip() == "0", "an empty queue")

        def found(wanted: list[str]) -> list[str]:
            files = b"".join(
                path.read_bytes().lower() for path in tmp_path.rglob("*") if path.is_file()
            )
            logs = "".join(capfd.readouterr()).lower()
            in_files = [w for w in wanted if w.encode() in files or w in logs]
            in_tables: list[str] = json.loads(site.run(FOUND.format(wanted=wanted)))
            return in_files + in_tables

        assert found(MARKERS) == []
        assert found(references) != [], "it finds what is there"

        site.run(CLOSED)
        assert "10" in site.manage("erase_expired")
        assert found(MARKERS) == []
        assert json.loads(site.run(LEFT)) == [0, 0, 0, 0]
        assert json.loads(site.run(FOUND.format(wanted=references))) == []
