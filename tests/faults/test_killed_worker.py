"""Workers killed in the middle of their work: nothing is lost, nobody wrong gets anything."""

from __future__ import annotations

import os
import random
import signal
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.processes import councils, new_site, wait_for
from tests.smtp import MailServer, running_mail_server

SEED = 20261120
ENQUIRIES = 60

EXPIRE_LEASES = """
from django.db.models.functions import Now
from outbox.models import Message
Message.objects.filter(state="sending").update(lease_expires_at=Now())
"""
LEDGER = """
from collections import Counter
from outbox.models import Message
print(dict(Counter(Message.objects.values_list("state", flat=True))))
"""


def notices(server: MailServer) -> list[tuple[str, str]]:
    """Return the reference and recipient of each notice that arrived."""
    found = []
    for mail in list(server.received):
        subject = str(mail.message["Subject"])
        if subject.startswith("Enquiry "):
            found.append((subject.split()[1].rstrip(":"), mail.recipient))
    return found


def test_every_enquiry_reaches_its_regions_mailbox_though_workers_are_killed(tmp_path: Path):
    chance = random.Random(SEED)
    chosen = [chance.choice(councils()) for _ in range(ENQUIRIES)]
    with (
        running_mail_server(delay_seconds=0.03) as server,
        new_site(tmp_path, email_url=server.url) as site,
    ):
        site.start_web()
        victim = site.start_worker()
        with ThreadPoolExecutor(8) as pool:
            sent = pool.map(
                lambda job: site.send(
                    place=job[1][0], email=f"sam-{job[0]}@school.example", token=f"t{job[0]}"
                ),
                enumerate(chosen),
            )
            wait_for(lambda: len(server.received) >= ENQUIRIES // 2, "half of the mail")
            os.killpg(victim.pid, signal.SIGKILL)
            victim.wait()
            references = list(sent)
        assert len(set(references)) == ENQUIRIES
        assert len(server.received) < 2 * ENQUIRIES, "the worker was killed too late to matter"

        site.run(EXPIRE_LEASES)
        for _ in range(2 if "postgres" in site.environment["DATABASE_URL"] else 1):
            site.start_worker()
        expected = sorted(
            (reference, f"{region}@example.org")
            for reference, (_, region) in zip(references, chosen, strict=True)
        )
        wait_for(lambda: sorted(set(notices(server))) == expected, "every notice")
        wait_for(
            lambda: len({mail.message_id for mail in server.received}) == 2 * ENQUIRIES,
            "every acknowledgement",
        )
        wait_for(
            lambda: site.run(LEDGER).strip() == f"{{'accepted': {2 * ENQUIRIES}}}",
            "a ledger that balances",
        )

    copies = Counter(mail.message_id for mail in server.received)
    assert sum(copies.values()) - len(copies) <= 1, "one kill, at most one duplicate"
    assert max(copies.values()) <= 2
    assert Counter(
        mail.recipient for mail in server.received if "sam-" in mail.recipient
    ).keys() == {f"sam-{number}@school.example" for number in range(ENQUIRIES)}
