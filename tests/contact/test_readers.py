"""Whoever covers is named, with the reason, wherever it is said who gets an enquiry."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from contact import mail
from contact.models import Enquiry
from contact.readers import Reader, reader, reader_of
from regions.models import Absence, Coordinator, Post, Region
from tests.contact.desk import coordinator, enquiry, post, region_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]

VACANT = "the North-West post is vacant, and the North-East co-ordinator covers it"
AWAY = "the North-West co-ordinator is away, and the North-East co-ordinator covers it"
NOBODY = "the North-West post is vacant, and the national team covers it"


def covered(*, is_away: bool = False) -> None:
    """Let North-East cover North-West, which is vacant or away."""
    coordinator("north-east")
    cover = Post.objects.get(region__slug="north-east")
    if is_away:
        coordinator("north-west")
    own = Post.objects.get(region__slug="north-west")
    if is_away:
        Absence.objects.create(post=own, first_day=timezone.localdate(), covered_by=cover)
    else:
        own.covered_by = cover
        own.save()


def who_reads(subject: Enquiry) -> Reader:
    return reader_of(subject, on=timezone.localdate())


def words(client: Client, subject: Enquiry) -> dict[str, str]:
    """Return what is said on the check page, on the sent page and in the two first mails."""
    now = timezone.now()
    letters = (mail.acknowledgement(subject.pk, now), mail.notice(subject.pk, now))
    found = {
        "check": post(client).content.decode(),
        "sent": client.get(f"/contact/sent/{subject.reference}/").content.decode(),
        **{
            name: letter.text if letter else ""
            for name, letter in zip(("acknowledgement", "notice"), letters, strict=True)
        },
    }
    return {place: " ".join(text.split()) for place, text in found.items()}


@pytest.mark.parametrize(("is_away", "cover"), [(False, VACANT), (True, AWAY)])
def test_the_cover_is_named_with_the_reason_to_sender_and_colleague(
    client: Client, is_away: bool, cover: str
) -> None:
    covered(is_away=is_away)
    subject = enquiry()
    assert who_reads(subject) == Reader("North-East co-ordinator", cover)
    said = words(client, subject)
    assert f"At the moment {cover}: the <strong>North-East co-ordinator</strong>" in said["check"]
    assert f"At the moment {cover}." in said["sent"]
    assert "It goes to the" not in said["sent"]
    assert f"It goes to: the North-East co-ordinator ({cover})" in said["acknowledgement"]
    assert f"Why you: {cover}" in said["notice"]


def test_where_nobody_covers_the_national_team_is_named(client: Client) -> None:
    subject = enquiry()
    assert who_reads(subject) == Reader("national team", NOBODY)
    for text in words(client, subject).values():
        assert NOBODY in text


def test_where_the_cover_is_away_too_the_national_team_is_named() -> None:
    covered()
    cover = Post.objects.get(region__slug="north-east")
    Absence.objects.create(post=cover, first_day=timezone.localdate())
    assert who_reads(enquiry()) == Reader("national team", NOBODY)


def test_where_the_regions_own_co_ordinator_answers_no_cover_is_spoken_of(client: Client) -> None:
    coordinator("north-west")
    subject = enquiry()
    assert who_reads(subject) == Reader("North-West co-ordinator")
    said = words(client, subject)
    assert "It goes to: the North-West co-ordinator Enquiries are" in said["acknowledgement"]
    for text in said.values():
        assert "cover" not in text
        assert "At the moment" not in text


def test_a_colleague_in_the_same_region_is_told_apart() -> None:
    coordinator("north-west")
    region = Region.objects.get(slug="north-west")
    Post.objects.create(
        region=region,
        remit=Post.Remit.FURTHER_AND_HIGHER,
        position=2,
        is_vacant=True,
        covered_by=region.posts.get(),
    )
    found = reader(region, "higher-education", on=timezone.localdate())
    assert found.name == "other North-West co-ordinator"


def test_several_regions_are_the_national_teams_without_a_reason_to_give() -> None:
    assert reader(None, "school", on=timezone.localdate()) == Reader("national team")


def test_a_region_without_any_post_is_the_national_teams() -> None:
    subject = enquiry()
    region_of(subject).posts.all().delete()
    assert who_reads(subject).cover == "North-West has no post, and the national team covers it"


def test_a_holder_who_did_not_agree_to_be_named_is_not(client: Client) -> None:
    covered()
    Coordinator.objects.update(name="MARKER-person")
    for place, text in words(client, enquiry()).items():
        assert "MARKER-person" not in text, place
