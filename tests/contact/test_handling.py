"""What colleagues do with an enquiry: each step, who gets mail, who is too late."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone
from django.utils.html import escape

from contact import mail
from contact.actions import alarms, handling
from contact.handling import CLOSED, HELD, NEXT, Step, state_after, steps_from
from contact.models import AnswerTime, Enquiry, Event
from outbox.envelope import Envelope
from outbox.kinds import Failure, follow_failure
from outbox.models import Message
from regions.models import Post, Region
from tests.contact.desk import address, at_desk, coordinator, enquiry, national_team, send

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]


def mail_about(event: Event) -> Envelope:
    message = Message.objects.get(kind=mail.EVENT, subject_id=event.pk)
    found = mail.event(message.subject_id, timezone.now())
    assert found is not None
    return found


def overdue(subject: Enquiry, days: int = 10) -> None:
    Enquiry.objects.filter(pk=subject.pk).update(due_on=timezone.localdate() - timedelta(days=days))


def test_every_state_can_be_left_and_noted_upon_and_a_complex_case_is_never_held() -> None:
    for state, steps in NEXT.items():
        assert Step.NOTE in steps
        assert len(steps) > 1, state
        assert Step.HOLD not in steps_from(state, is_urgent=True)
    assert state_after(Step.ANSWER, CLOSED, is_urgent=False) is None
    assert state_after(Step.RELEASE, HELD, is_urgent=False) == "new"


def test_an_enquiry_is_taken_on_answered_and_closed_with_who_and_when() -> None:
    user = coordinator("north-west")
    desk, subject = at_desk(user), enquiry()
    for step, state in (("take", "acknowledged"), ("answered", "answered"), ("close", "closed")):
        assert desk.post(address(subject, step)).status_code == 302
        subject.refresh_from_db()
        assert subject.state == state
    assert subject.assigned_to == user
    assert subject.answered_at is not None
    assert subject.closed_at is not None
    steps = list(subject.events.values_list("kind", "by"))
    assert steps == [("taken", user.pk), ("answered", user.pk), ("closed", user.pk)]


@pytest.mark.parametrize("step", ["take", "answered", "release", "refer", "show", "hold", "keep"])
def test_following_a_link_changes_nothing(step: str) -> None:
    """Mail scanners follow every link in a mail, with GET or HEAD."""
    desk, subject = at_desk(national_team()), enquiry()
    for _ in range(3):
        desk.get(address(subject, step))
        desk.head(address(subject, step))
    subject.refresh_from_db()
    assert subject.state == "new"
    assert not subject.events.exists()


def test_who_is_second_is_told_and_changes_nothing() -> None:
    desk, subject = at_desk(coordinator("north-west")), enquiry()
    desk.post(address(subject, "answered"))
    page = desk.post(address(subject, "answered"), follow=True).content.decode()
    assert "This cannot be done any more: it is answered" in page
    assert subject.events.count() == 1


def test_an_answered_enquiry_can_be_opened_again_with_a_new_day_to_answer() -> None:
    desk, subject = at_desk(coordinator("north-west")), enquiry()
    desk.post(address(subject, "answered"))
    overdue(subject)
    desk.post(address(subject, "reopen"))
    subject.refresh_from_db()
    assert (subject.state, subject.answered_at) == ("acknowledged", None)
    assert subject.due_on > timezone.localdate()


def test_it_is_given_only_to_colleagues_who_may_see_it() -> None:
    mine, theirs = coordinator("north-west"), coordinator("north-east")
    desk, subject = at_desk(mine), enquiry()
    page = desk.get(address(subject, "assign")).content.decode()
    assert "north-west@example.org" in page
    assert "north-east@example.org" not in page
    assert desk.post(address(subject, "assign"), {"to": theirs.pk}).status_code == 200
    with pytest.raises(handling.StepRefusedError):
        handling.assign(enquiry=subject, to=theirs, by=mine)
    team = national_team()
    assert desk.post(address(subject, "assign"), {"to": team.pk}).status_code == 302
    subject.refresh_from_db()
    assert subject.assigned_to == team


def test_handed_over_it_is_the_other_regions_alone_with_the_reason_and_a_mail() -> None:
    mine, theirs = coordinator("north-west"), coordinator("north-east")
    subject = enquiry()
    response = at_desk(mine).post(
        address(subject, "hand-over"), {"to": "north-east", "note": "SECRET-reason"}
    )
    assert response["Location"] == "/admin/contact/enquiry/"
    assert at_desk(mine).get(address(subject)).status_code == 404
    page = at_desk(theirs).post(address(subject, "show")).content.decode()
    assert "SECRET-reason" in page
    assert "handed over from North-West to North-East" in " ".join(page.split())
    letter = mail_about(subject.events.get(kind="handed-over"))
    assert letter.recipient == "north-east@example.org"
    assert "SECRET" not in letter.text + letter.subject
    subject.refresh_from_db()
    assert (subject.state, subject.area, subject.post) == (
        "new",
        None,
        Post.objects.get(region__slug="north-east"),
    )


def test_a_notice_that_is_still_on_its_way_goes_to_the_new_region() -> None:
    mine = coordinator("north-west")
    coordinator("north-east")
    subject = enquiry()
    north_east = Region.objects.get(slug="north-east")
    handling.hand_over(enquiry=subject, to=north_east, by=mine, note="Leeds.")
    letter = mail.notice(subject.pk, timezone.now())
    assert letter is not None
    assert letter.recipient == "north-east@example.org"


def test_it_can_be_handed_to_the_national_team_and_not_to_where_it_is() -> None:
    mine = coordinator("north-west")
    subject = enquiry()
    page = at_desk(mine).get(address(subject, "hand-over")).content.decode()
    assert 'value="north-west"' not in page
    at_desk(mine).post(address(subject, "hand-over"), {"to": "national-team", "note": "Why."})
    subject.refresh_from_db()
    assert (subject.region, subject.post) == (None, None)
    assert mail_about(subject.events.get()).recipient == "national@rpec.example"
    with pytest.raises(handling.StepRefusedError):
        handling.hand_over(enquiry=subject, to=None, by=mine, note="Again.")


def test_a_step_that_needs_words_asks_for_them_and_keeps_what_was_typed() -> None:
    desk, subject = at_desk(coordinator("north-west")), enquiry()
    response = desk.post(address(subject, "hand-over"), {"note": "typed already"})
    page = response.content.decode()
    assert response.status_code == 200
    assert "Choose a region" in page
    assert "typed already" in page
    assert subject.events.count() == 0


def test_a_referral_is_answered_with_the_right_routes_and_the_national_team_is_told() -> None:
    desk, subject = at_desk(coordinator("north-west")), enquiry()
    desk.post(address(subject, "refer"))
    subject.refresh_from_db()
    assert (subject.state, subject.is_referral) == ("answered", True)
    assert Message.objects.get(kind=mail.REFERRAL).priority == Message.Priority.REFERRAL
    reply = mail.referral(subject.pk, timezone.now())
    assert reply is not None
    assert reply.recipient == "marker@school.example"
    for needed in ("999", "making-a-referral-to-prevent", "report-extremism", subject.reference):
        assert needed in reply.text
    assert "MARKER" not in reply.text + reply.html
    assert mail_about(subject.events.get()).recipient == "national@rpec.example"


def test_an_overdue_enquiry_reminds_its_post_then_tells_the_national_team_once_each() -> None:
    coordinator("north-west")
    subject = enquiry()
    friday, monday, tuesday = date(2026, 11, 13), date(2026, 11, 16), date(2026, 11, 17)
    Enquiry.objects.update(due_on=date(2026, 11, 12))
    assert alarms.remind_of_overdue(on=date(2026, 11, 12)) == 0, "its last day is not over"
    assert [alarms.remind_of_overdue(on=friday) for _ in range(3)] == [1, 0, 0]
    reminded = subject.events.get(kind="reminded")
    assert mail_about(reminded).recipient == "north-west@example.org"
    Event.objects.filter(pk=reminded.pk).update(at=datetime(2026, 11, 13, 9, tzinfo=UTC))
    assert alarms.remind_of_overdue(on=monday) == 0, "they have this working day"
    assert [alarms.remind_of_overdue(on=tuesday) for _ in range(3)] == [1, 0, 0]
    assert mail_about(subject.events.get(kind="escalated")).recipient == "national@rpec.example"


def test_a_reminder_is_called_off_once_it_is_answered() -> None:
    user = coordinator("north-west")
    subject = enquiry()
    overdue(subject)
    alarms.remind_of_overdue(on=timezone.localdate())
    handling.mark_as_answered(enquiry=Enquiry.objects.get(pk=subject.pk), by=user)
    event = subject.events.get(kind="reminded")
    assert mail.event(event.pk, timezone.now()) is None
    assert alarms.remind_of_overdue(on=timezone.localdate()) == 0


def test_a_held_enquiry_that_nobody_looks_at_is_overdue_like_any_other() -> None:
    user = coordinator("north-west")
    subject = enquiry()
    handling.hold(enquiry=subject, by=user, note="Unwanted?")
    overdue(subject)
    assert alarms.remind_of_overdue(on=timezone.localdate()) == 1
    assert "It is held" in mail_about(subject.events.get(kind="reminded")).text


def test_the_days_to_answer_are_set_by_topic() -> None:
    complex_case, usual = enquiry(topic="complex-case"), enquiry()
    assert complex_case.due_on < usual.due_on
    row = AnswerTime(topic="training", working_days=9)
    row.full_clean()
    row.save()
    assert enquiry().due_on > usual.due_on
    with pytest.raises(ValidationError):
        AnswerTime(topic="other", working_days=0).full_clean()


def test_a_bounced_notice_is_on_the_open_list_and_the_national_team_is_told() -> None:
    desk, subject = at_desk(coordinator("north-west")), enquiry()
    follow_failure(mail.NOTICE, subject.pk, Failure.CAME_BACK, "failed 5.1.1")
    assert mail_about(subject.events.get()).recipient == "national@rpec.example"
    inbox = desk.get("/admin/contact/enquiry/").content.decode()
    assert "mail to a colleague did not arrive" in inbox


@pytest.mark.parametrize("kind", [mail.ACKNOWLEDGEMENT, mail.REFERRAL])
def test_a_bounced_mail_to_the_sender_asks_to_telephone_them(kind: str) -> None:
    desk, subject = at_desk(coordinator("north-west")), enquiry()
    follow_failure(kind, subject.pk, Failure.CAME_BACK, "failed 5.1.1")
    assert (
        address(subject)
        in desk.get("/admin/contact/enquiry/", {"show": "telephone"}).content.decode()
    )
    assert "Telephone the sender" in desk.get(address(subject)).content.decode()
    assert "sender to telephone" in desk.get("/admin/").content.decode()


def test_the_inbox_shows_what_is_open_complex_cases_first() -> None:
    desk = at_desk(coordinator("north-west"))
    first, second = enquiry(), enquiry(email="b@school.example")
    urgent = enquiry(topic="complex-case")
    desk.post(address(second, "answered"))
    page = desk.get("/admin/contact/enquiry/").content.decode()
    assert page.index(urgent.reference) < page.index(first.reference)
    assert address(second) not in page
    assert (
        second.reference
        in desk.get("/admin/contact/enquiry/", {"q": second.reference}).content.decode()
    )


def test_the_inbox_tells_counts_ages_and_the_usual_time_to_answer() -> None:
    desk = at_desk(coordinator("north-west"))
    subject = enquiry()
    enquiry(email="b@school.example")
    desk.post(address(subject, "answered"))
    page = " ".join(desk.get("/admin/contact/enquiry/").content.decode().split())
    assert (
        '<th scope="row">North-West</th> <td>1</td> <td>0</td> <td>0</td> <td>0</td> '
        "<td>0</td> <td>0</td>" in page
    )


def test_an_answer_by_mail_names_the_reference_and_only_after_it_is_shown() -> None:
    desk, subject = at_desk(coordinator("north-west")), enquiry()
    assert "mailto:" not in desk.get(address(subject)).content.decode()
    page = desk.post(address(subject, "show")).content.decode()
    assert f"mailto:marker@school.example?subject=Your%20enquiry%20{subject.reference}" in page


def test_the_notice_leads_to_the_button_that_marks_it_as_answered() -> None:
    coordinator("north-west")
    subject = enquiry()
    letter = mail.notice(subject.pk, timezone.now())
    assert letter is not None
    assert address(subject, "answered") in letter.text


def test_typed_markup_is_inert_in_the_inbox() -> None:
    desk = at_desk(coordinator("north-west"))
    subject = enquiry(message="<script>alert(1)</script> {{7*7}} javascript:alert(1)")
    page = desk.post(address(subject, "show")).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{7*7}}" in page


def test_a_sender_of_the_same_again_after_it_was_held_gets_the_same_reference() -> None:
    first = enquiry(token="t1", website="filled")
    assert first.state == "held"
    response = send(Client(), token="t1", website="filled")
    assert first.reference in response["Location"]


def test_the_fixed_reply_to_a_referral_can_be_read_before_it_is_sent() -> None:
    desk = at_desk(coordinator("north-west"))
    subject = enquiry()
    page = desk.get(address(subject, "refer")).content.decode()
    assert subject.reference in page
    letter = mail.referral(subject.pk, timezone.now())
    assert letter is not None
    for line in filter(None, map(str.strip, letter.text.splitlines())):
        assert escape(line) in page
    assert not Message.objects.filter(kind=mail.REFERRAL, subject_id=subject.pk).exists()
