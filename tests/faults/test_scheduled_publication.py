"""A scheduled publication, and workers that are killed at that very moment."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from tests.processes import Site, new_site, wait_for

SCHEDULE = """
from datetime import timedelta
from django.utils import timezone
from accounts.models import User
from guidance.actions.publishing import schedule, start_draft
from guidance.models import Edition
now = timezone.now()
editor = User.objects.get(email="editor@example.org")
draft = start_draft(source=Edition.objects.live().get(), by=editor)
draft.sections.filter(anchor="newsletters").update(markdown="Other words.")
edition = schedule(
    draft=draft,
    scheduled_for=now + timedelta(minutes=6),
    update_type="minor",
    change_note="",
    by=editor,
    at=now,
)
Edition.objects.filter(pk=edition.pk).update(scheduled_for=now)
"""
STATES = """
from guidance.models import Edition
page = Edition.objects.live().get().page
print(list(page.editions.order_by("number").values_list("number", "state")))
"""
# It publishes within moments of that: before, in the middle, and after.
AFTER_IT_IS_READY = (0, 0.02, 0.05, 0.2)
PUBLISHED_ONCE = "[(1, 'superseded'), (2, 'superseded'), (3, 'superseded'), (4, 'published')]"


def states(site: Site) -> str:
    return site.run(STATES).strip()


def test_it_is_published_once_though_workers_are_killed_and_several_start_at_once(tmp_path: Path):
    with new_site(tmp_path, email_url=f"filemail://{tmp_path}/mail") as site:
        site.run(SCHEDULE)
        for seconds in AFTER_IT_IS_READY:
            victim = site.start_worker(waits=True)
            time.sleep(seconds)
            os.killpg(victim.pid, signal.SIGKILL)
            victim.wait()
        for _ in range(3):
            site.start_worker()
        wait_for(lambda: states(site) == PUBLISHED_ONCE, "the publication")
        # Each worker has looked by then, and none has published it again.
        assert states(site) == PUBLISHED_ONCE
