"""A row's history tells staff who changed what, and when, in words and UK time."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from guidance.models import Link
from regions.models import Post
from tests.govuk.html import document, elements, text
from tests.training.factories import make_region, make_session, uk

pytestmark = pytest.mark.django_db


def told(desk: Client, row: Any) -> list[str]:
    """The lines of a row's history, the newest first, as words."""
    name = f"admin:{row._meta.app_label}_{row._meta.model_name}_history"
    page = document(desk.get(reverse(name, args=[row.pk])).content.decode())
    [table] = elements(page, "table", id="change-history")
    return [text(line) for line in elements(table, "tr")[1:]]


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (
            "2027-09-15 15:30",
            "2027-09-15 16:00",
            "Starts: Wednesday 15 September 2027, 3:30pm → Wednesday 15 September 2027, 4pm",
        ),
        (
            "2027-01-15 12:00",
            "2027-07-15 12:00",
            "Starts: Friday 15 January 2027, midday → Thursday 15 July 2027, midday",
        ),
    ],
)
def test_a_moment_is_told_in_uk_time_winter_and_summer(
    desk: Client, before: str, after: str, words: str
) -> None:
    session = make_session(uk(before))
    session.starts_at, session.ends_at = uk(after), uk(after.replace("00", "30"))
    session.save()

    assert words in told(desk, session)[0]
    assert "+00:00" not in told(desk, session)[0]


def test_when_it_was_changed_is_told_in_uk_time_and_who_did_it_by_name(
    desk: Client, editor: User
) -> None:
    session = make_session(uk("2027-09-15 15:30"))
    session._history_user = editor  # type: ignore[attr-defined]
    session._history_date = uk("2027-07-01 09:05")  # type: ignore[attr-defined]
    session.status = "full"
    session.save()

    newest, oldest = told(desk, session)
    assert newest.startswith(f"1 July 2027, 9:05am {editor} Changed")
    assert "Status: scheduled → full" in newest
    assert "nobody that is known Created" in oldest


def test_days_ticks_choices_rows_and_blanks_are_told_in_words(desk: Client) -> None:
    link = Link.objects.get(key="report-extremism")
    link.checked_on = uk("2027-07-01 09:00").date()
    link.save()
    session = make_session(uk("2027-09-15 15:30"))
    session.region = make_region()
    session.save()
    post = Post.objects.filter(is_vacant=True).first()
    assert post is not None
    post.save()
    post.is_vacant, post.mailbox = False, "north-east@rpec.example"
    post.save()

    assert "Last checked: blank → 1 July 2027" in told(desk, link)[0]
    assert "Region: blank → North-East" in told(desk, session)[0]
    assert "Vacant: yes → no" in told(desk, post)[0]
