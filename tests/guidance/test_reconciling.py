"""Nothing changes silently: what sessions, regions and links do to a page is in its history."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from guidance.actions.reconciling import reconcile
from guidance.content import SessionsEmbed
from guidance.models import Edition, Link
from regions.models import Area
from tests.govuk.html import document, elements, text
from tests.people import make_editor
from tests.training.factories import uk
from training.models import Session, Track

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]

NOW = uk("2026-11-20 10:00")


def session(start: str = "2026-12-01 15:30", **fields: object) -> Session:
    starts = uk(start)
    values = {
        "track": Track.objects.get(slug="dsl"),
        "starts_at": starts,
        "ends_at": starts + timedelta(minutes=75),
        **fields,
    }
    return Session.objects.create(**values)


def recorded(at: datetime = NOW) -> list[str]:
    """Return the causes of the editions that a look at that time records."""
    made, _ = reconcile(at=at)
    return [edition.cause for edition in made]


def test_where_nothing_changed_nothing_is_recorded():
    assert recorded() == []
    assert recorded(at=uk("2025-06-01 10:00")) == []


def test_a_burst_of_twelve_is_one_minor_edition_with_its_cause_and_no_person():
    for day in range(1, 13):
        session(f"2026-12-{day:02} 15:30")
    assert recorded() == ["Training: 12 sessions added."]
    assert recorded() == []
    edition = Edition.objects.live().get()
    assert (edition.number, edition.update_type, edition.change_note) == (4, "minor", "")
    assert (edition.published_at, edition.published_by) == (NOW, None)
    editions = edition.page.editions.order_by("number")
    assert list(editions.values_list("state", flat=True)) == [
        "superseded",
        "superseded",
        "superseded",
        "published",
    ]


def test_the_new_edition_says_what_the_page_said_then(client):
    session("2026-12-01 15:30")
    recorded()
    page = "/guidance/regional-prevent-education-coordinators/"
    assert "Tuesday 1 December 2026" in client.get(f"{page}history/4/").content.decode()
    changes = client.get(f"{page}history/3..4/").content.decode()
    assert "1 date added" in changes
    assert "Training: 1 session added." in client.get(f"{page}history/").content.decode()


def test_a_session_that_merely_ended_is_no_change():
    session("2026-12-01 15:30")
    recorded()
    assert recorded(at=uk("2026-12-01 16:45")) == []
    assert recorded(at=uk("2027-12-01 12:00")) == []


def test_bulk_updates_and_sql_are_seen_as_well():
    first, second = session("2026-12-01 15:30"), session("2026-12-02 15:30")
    recorded()
    Session.objects.filter(pk=first.pk).update(status="cancelled")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM training_session WHERE id = %s", [second.pk])
    assert recorded(at=NOW + timedelta(minutes=1)) == ["Training: 1 session removed, 1 cancelled."]


def test_what_editors_do_with_dates_in_the_admin_is_recorded_with_its_cause():
    desk = Client()
    desk.force_login(make_editor())
    sessions = "/admin/training/session/"
    lines = "\n".join(f"DSLs, {day} December 2026, 3:30pm to 4:45pm" for day in (1, 2, 3))
    assert desk.post(f"{sessions}paste/", {"text": lines, "save": "1"}).status_code == 302
    assert recorded() == ["Training: 3 sessions added."]
    first = Session.objects.get(starts_at=uk("2026-12-01 15:30"))
    sent = {"starts_at_0": "2026-12-08", "starts_at_1": "15:30"}
    assert desk.post(f"{sessions}{first.pk}/copy/", sent).status_code == 302
    chosen = {"action": "cancel_selected", "_selected_action": [first.pk], "confirm": "1"}
    assert desk.post(sessions, chosen).status_code == 302
    later = NOW + timedelta(minutes=1)
    assert recorded(at=later) == ["Training: 1 session added, 1 cancelled."]
    second = Session.objects.get(starts_at=uk("2026-12-02 15:30"))
    table = f"id,track,date,start,end\n{second.pk},dsl,2026-12-02,15:30,17:00"
    file = SimpleUploadedFile("dates.csv", table.encode())
    preview = desk.post(f"{sessions}import/", {"file": file})
    seen = preview.context["save_form"].initial
    assert desk.post(f"{sessions}import/", {**seen, "save": "1"}).status_code == 302
    assert recorded(at=later + timedelta(minutes=1)) == ["Training: 1 session changed."]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"status": "full"}, "Training: 1 session marked as full."),
        ({"registration_url": "https://eventbrite.co.uk/e/1"}, "Training: 1 session changed."),
        ({"ends_at": uk("2026-12-01 17:00")}, "Training: 1 session changed."),
        ({"starts_at": uk("2026-12-01 15:00")}, "Training: 1 session moved."),
        ({"title": "Local risk"}, "Training: 1 session changed."),
        (
            {"starts_at": uk("2026-12-01 15:00"), "status": "full"},
            "Training: 1 session moved.",
        ),
        (
            {"starts_at": uk("2026-12-01 15:00"), "status": "cancelled"},
            "Training: 1 session cancelled.",
        ),
    ],
)
def test_each_kind_of_change_is_told_in_words(change, expected):
    row = session("2026-12-01 15:30")
    recorded()
    Session.objects.filter(pk=row.pk).update(**change)
    assert recorded(at=NOW + timedelta(minutes=1)) == [expected]


def move(row: Session, start: str) -> None:
    """Give the session another start, as the admin's form does; it lasts as long."""
    starts = uk(start)
    row.starts_at, row.ends_at = starts, starts + timedelta(minutes=75)
    row.save()


def test_a_moved_session_is_one_move_in_the_history_and_in_the_comparison(client):
    row = session("2026-12-01 15:30")
    recorded()
    move(row, "2026-12-08 16:00")
    assert recorded(at=NOW + timedelta(minutes=1)) == ["Training: 1 session moved."]
    page = "/guidance/regional-prevent-education-coordinators/"
    shown = client.get(f"{page}history/4..5/").content.decode()
    assert "1 date moved." in shown
    assert "added" not in text(document(shown)).partition("1 date moved.")[0]
    [line] = [li for li in elements(document(shown), "li") if "December 2026" in text(li)]
    words = "Tuesday Removed: 1 Added: 8 December 2026, Removed: 3:30pm Added: 4pm to"
    assert words in text(line)
    edition = text(document(client.get(f"{page}history/5/").content.decode()))
    assert "Moved from Tuesday 1 December 2026" in edition
    assert "Moved from" not in client.get(f"{page}history/4/").content.decode()


def test_a_session_moved_and_moved_back_before_anybody_looked_is_no_change():
    row = session("2026-12-01 15:30")
    recorded()
    move(row, "2026-12-08 15:30")
    move(row, "2026-12-01 15:30")
    assert row.moved_from == uk("2026-12-08 15:30")
    assert recorded(at=NOW + timedelta(minutes=1)) == []


def test_a_session_that_ended_and_is_held_at_another_time_was_moved():
    row = session("2026-12-01 15:30")
    recorded()
    move(row, "2026-12-15 15:30")
    assert recorded(at=uk("2026-12-02 10:00")) == ["Training: 1 session moved."]


def test_a_session_removed_and_entered_anew_is_no_change():
    row = session("2026-12-01 15:30")
    recorded()
    row.delete()
    session("2026-12-01 15:30")
    assert recorded(at=NOW + timedelta(minutes=1)) == []


def test_an_edition_frozen_before_moves_were_records_no_move_that_it_knew():
    row = session("2026-12-01 15:30")
    move(row, "2026-12-08 15:30")
    recorded()
    # As it was frozen then: with the session's id, without the time that it was moved from.
    live = Edition.objects.live().get()
    content = json.loads(json.dumps(live.content))
    listed = [facts for part in content["sections"] for facts in frozen_sessions(part)]
    assert [facts.pop("moved_from") for facts in listed] == ["2026-12-01T15:30:00+00:00"]
    live.state = Edition.State.SUPERSEDED
    live.save()
    values = {f.name: getattr(live, f.name) for f in Edition._meta.fields if f.name != "id"}
    Edition.objects.create(
        **values | {"number": 5, "state": Edition.State.PUBLISHED, "content": content}
    )
    assert recorded(at=NOW + timedelta(minutes=1)) == []


def frozen_sessions(section: dict[str, Any]) -> list[dict[str, Any]]:
    return (section["embed"] or {}).get("sessions", [])


def test_a_session_that_is_open_again_is_told():
    row = session(status="full")
    recorded()
    Session.objects.filter(pk=row.pk).update(status="scheduled")
    assert recorded(at=NOW + timedelta(minutes=1)) == ["Training: 1 session open again."]


def test_a_region_and_a_link_that_change_are_told():
    Area.objects.filter(slug="kent").update(name="Kent and Medway")
    Link.objects.filter(key="prevent-referral").update(address="https://example.org/referral")
    assert recorded() == ["Regions: 1 region changed. Links: 1 link changed."]


def test_examples_never_enter_the_history(settings):
    settings.EXAMPLES = True
    session(is_example=True)
    assert recorded() == []
    session("2026-12-02 15:30")
    recorded()
    embeds = Edition.objects.live().get().frozen().embeds()
    listed = [embed.sessions for embed in embeds if isinstance(embed, SessionsEmbed)]
    assert [len(sessions) for sessions in listed] == [1, 0]


def test_what_editors_may_edit_next_comes_along():
    session()
    recorded()
    third, fourth = Edition.objects.filter(number__in=(3, 4)).order_by("number")
    assert list(fourth.sections.values_list("anchor", "markdown")) == list(
        third.sections.values_list("anchor", "markdown")
    )
