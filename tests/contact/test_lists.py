"""A flood of complex cases: the first few have a notice each, the rest one that lists them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db.models.functions import Now
from django.utils import timezone

from contact import mail
from contact.actions import handling, retention
from contact.actions.alarms import alarm_of_undelivered
from contact.actions.lists import list_alarm_failed, list_failed
from contact.list_mail import list_alarm, notice_list
from contact.models import Enquiry, Event, NoticeList
from outbox.kinds import Failure
from outbox.models import Message
from regions.models import Region
from tests.contact.desk import address, at_desk, coordinator, enquiry, national_team

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]

AT = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
TEAM = "national@rpec.example"


@pytest.fixture(autouse=True)
def _few(settings: Any) -> None:
    settings.COMPLEX_CASE_NOTICES_AN_HOUR = 2


def send(count: int, **changes: str) -> list[Enquiry]:
    return [
        enquiry(topic="complex-case", token=f"token-{number}", **changes) for number in range(count)
    ]


def notices() -> list[tuple[str, int]]:
    told = Message.objects.filter(kind__in=(mail.NOTICE, mail.NOTICE_LIST)).order_by("pk")
    return list(told.values_list("kind", "subject_id"))


def test_of_the_first_few_each_has_a_notice_and_one_lists_the_rest() -> None:
    sent = send(5)
    [gathered] = NoticeList.objects.all()
    assert notices() == [
        (mail.NOTICE, sent[0].pk),
        (mail.NOTICE, sent[1].pk),
        (mail.NOTICE_LIST, gathered.pk),
    ]
    assert {subject.state for subject in sent} == {"new"}
    letter = notice_list(gathered.pk, AT)
    assert letter is not None
    assert letter.subject == "3 more enquiries: North-West, priority"
    assert [subject.reference in letter.text for subject in sent] == [False] * 2 + [True] * 3
    assert "MARKER" not in letter.text + letter.html
    assert (letter.recipient, letter.reply_to) == (TEAM, "replies@rpec.example")


def test_it_is_sent_within_minutes_with_the_urgency_of_each() -> None:
    send(3)
    message = Message.objects.get(kind=mail.NOTICE_LIST)
    message.refresh_from_db()
    assert message.priority == Message.Priority.URGENT
    wait = message.due_at - message.created_at
    assert timedelta(minutes=4) < wait <= timedelta(minutes=5)


def test_each_sender_gets_an_acknowledgement_and_the_same_promise() -> None:
    *_, last = sent = send(4)
    assert Message.objects.filter(kind=mail.ACKNOWLEDGEMENT).count() == len(sent)
    assert last.due_on == sent[0].due_on


def test_a_network_has_its_first_few_whatever_addresses_it_writes_from() -> None:
    for number in range(4):
        enquiry(topic="complex-case", email=f"p{number}@school.example", remote="81.2.69.7")
    enquiry(topic="complex-case", email="other@school.example", remote="81.2.70.9")
    assert [kind for kind, _ in notices()] == [mail.NOTICE] * 2 + [mail.NOTICE_LIST, mail.NOTICE]


def test_an_hour_later_it_has_them_again_and_what_is_no_complex_case_counts_for_nothing() -> None:
    send(3)
    Enquiry.objects.update(received_at=timezone.now() - timedelta(minutes=61))
    enquiry(topic="training", token="a question")
    assert enquiry(topic="complex-case", token="an hour later").notice_list is None


def test_each_post_has_a_list_of_its_own() -> None:
    send(3)
    enquiry(topic="complex-case", place="Leeds")
    enquiry(topic="complex-case", setting="higher-education")
    lists = NoticeList.objects.values_list("region__slug", "setting", "enquiries")
    assert len(lists) == 3
    assert {region for region, *_ in lists} == {"north-west", "north-east"}


def test_what_comes_once_it_is_made_begins_another_and_what_is_tried_again_is_the_same() -> None:
    send(3)
    [first] = NoticeList.objects.all()
    before = notice_list(first.pk, AT)
    later = enquiry(topic="complex-case", token="later")
    assert notice_list(first.pk, AT + timedelta(minutes=1)) == before
    assert later.notice_list not in {None, first}


def test_what_was_handed_over_is_listed_to_nobody_else() -> None:
    *_, moved, kept = send(4)
    london = Region.objects.get(slug="london")
    by = national_team()
    handling.hand_over(enquiry=moved, to=london, by=by, note="Theirs.")
    [gathered] = NoticeList.objects.all()
    letter = notice_list(gathered.pk, AT)
    assert letter is not None
    assert moved.reference not in letter.text
    assert kept.reference in letter.text
    handling.hand_over(enquiry=kept, to=london, by=by, note="Theirs too.")
    assert notice_list(gathered.pk, AT) is None


def test_colleagues_see_how_its_common_notice_stands() -> None:
    *_, subject = send(3)
    page = at_desk(coordinator("north-west")).get(address(subject)).content.decode()
    assert "<dt>Mail to the co-ordinator</dt><dd>Waiting to be sent</dd>" in page


@pytest.mark.parametrize("way", [Failure.REFUSED, Failure.CAME_BACK])
def test_where_it_does_not_arrive_one_mail_tells_the_national_team_of_all(way: Failure) -> None:
    sent = send(4)
    [gathered] = NoticeList.objects.all()
    state = "rejected" if way is Failure.REFUSED else "accepted"
    bounced_at = None if way is Failure.REFUSED else AT
    Message.objects.filter(kind=mail.NOTICE_LIST).update(state=state, bounced_at=bounced_at)
    for _ in range(2):
        list_failed(gathered.pk, way, "550 No")
    assert Message.objects.filter(kind=mail.LIST_ALARM).count() == 1
    letter = list_alarm(gathered.pk, AT)
    assert letter is not None
    assert letter.recipient == TEAM
    assert letter.subject == "Not delivered: 2 more enquiries, North-West, priority"
    assert all(subject.reference in letter.text for subject in sent[2:])
    assert Enquiry.objects.filter(has_notice_bounced=True).count() == 2
    Message.objects.filter(kind=mail.NOTICE_LIST).update(state="accepted", bounced_at=None)
    assert list_alarm(gathered.pk, AT) is None


def test_where_it_is_late_the_national_team_is_told_and_then_by_the_other_way(
    caplog: pytest.LogCaptureFixture, django_capture_on_commit_callbacks: Any
) -> None:
    sent = send(3)
    assert alarm_of_undelivered() == 0
    late = {"created_at": Now() - timedelta(minutes=16), "due_at": Now() - timedelta(minutes=11)}
    Message.objects.filter(kind=mail.NOTICE_LIST).update(**late)
    assert [alarm_of_undelivered(), alarm_of_undelivered()] == [1, 0]
    Message.objects.filter(kind=mail.LIST_ALARM).update(**late)
    with django_capture_on_commit_callbacks(execute=True):
        assert [alarm_of_undelivered(), alarm_of_undelivered()] == [1, 0]
    [told] = [line.message for line in caplog.records if line.levelname == "CRITICAL"]
    assert sent[2].reference in told
    assert Event.objects.unheard().count() == 1


def test_an_alarm_that_is_refused_is_told_by_the_other_way(
    caplog: pytest.LogCaptureFixture, django_capture_on_commit_callbacks: Any
) -> None:
    sent = send(3)
    with django_capture_on_commit_callbacks(execute=True):
        list_alarm_failed(NoticeList.objects.get().pk, Failure.REFUSED, "550 No")
    [told] = [line.message for line in caplog.records if line.levelname == "CRITICAL"]
    assert sent[2].reference in told


def test_what_may_be_its_bounce_is_told_once() -> None:
    send(4)
    list_failed(NoticeList.objects.get().pk, Failure.UNREADABLE, "Hello?")
    assert Event.objects.get().kind == Event.Kind.MAYBE_RETURNED


def test_a_list_goes_with_the_last_of_its_enquiries() -> None:
    send(4)
    notice_list(NoticeList.objects.get().pk, AT)
    *_, kept = Enquiry.objects.order_by("pk")
    long_ago = timezone.now() - timedelta(days=4000)
    others = Enquiry.objects.exclude(pk=kept.pk)
    others.update(state="closed", closed_at=long_ago, last_step_at=long_ago)
    retention.erase_expired(at=timezone.now())
    assert NoticeList.objects.exists()
    Enquiry.objects.update(state="closed", closed_at=long_ago, last_step_at=long_ago)
    retention.erase_expired(at=timezone.now())
    assert not NoticeList.objects.exists()
    assert not Message.objects.exists()
