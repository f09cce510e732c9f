"""F1, F2, F13, F14: the web process, the sender's browser and the posts behind it."""

from __future__ import annotations

import http.client
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from django.conf import settings

from contact.models import Enquiry
from regions.models import Area, Coordinator, Post
from tests.faults.points import AFTER_COMMIT, BEFORE_COMMIT
from tests.faults.scene import Scene, fault
from tests.faults.stage import Sent
from tests.faults.zygote import Order


@fault("F1", "web process killed before the commit; the sender tries again")
def killed_before_commit(scene: Scene) -> None:
    for sent in scene.draw():
        with suppress(OSError, http.client.HTTPException):
            answer = scene.stage.post(sent.values, fault=scene.chance.choice(BEFORE_COMMIT))
            raise AssertionError(f"a killed process answered {answer.status}")
        count = Enquiry.objects.count()
        scene.stage.send(sent)
        assert Enquiry.objects.count() == count + 1, "it was stored before its commit"
    scene.stage.finish()


@fault("F2", "web process killed between commit and reply; the sender tries again")
def killed_before_reply(scene: Scene) -> None:
    for sent in scene.draw():
        known = set(Enquiry.objects.values_list("reference", flat=True))
        with suppress(OSError, http.client.HTTPException):
            answer = scene.stage.post(sent.values, fault=scene.chance.choice(AFTER_COMMIT))
            raise AssertionError(f"a killed process answered {answer.status}")
        (stored,) = set(Enquiry.objects.values_list("reference", flat=True)) - known
        scene.stage.send(sent)
        assert sent.reference == stored, "the second try got another reference"
    scene.stage.finish()


@fault("F13", "double click, 20 clicks at once, reload, back and once more")
def clicked_often(scene: Scene) -> None:
    stage = scene.stage
    drawn = scene.draw()
    clicks = [sent for sent in drawn for _ in range(scene.chance.randint(1, 3))]
    clicks += [drawn[0]] * 20
    scene.chance.shuffle(clicks)

    def click(sent: Sent) -> tuple[str, str]:
        return sent.values["token"], stage.post(sent.values).reference

    with ThreadPoolExecutor(20) as pool:
        answers = set(pool.map(click, clicks))
    assert len(answers) == len(drawn), "one form was confirmed with two references"
    references = dict(answers)
    for sent in drawn:
        sent.reference = references[sent.values["token"]]
        assert stage.get(f"/contact/sent/{sent.reference}/").status == 200
        check = {name: value for name, value in sent.values.items() if name != "confirm"}
        assert stage.post(check).status == 200
        assert stage.post(sent.values).reference == sent.reference
    stage.finish()


@fault("F14", "mailbox changed, holder gone, post vacant or area moved while mail waits")
def post_changed(scene: Scene) -> None:
    try:
        _change_in_flight(scene)
    finally:
        scene.stage.put_posts_back()


def _change_in_flight(scene: Scene) -> None:
    stage, chance = scene.stage, scene.chance
    scene.send_some(chance.randint(1, 2))
    arrived = list(scene.enquiries) if chance.random() < 0.5 else []
    if arrived:
        stage.finish()
    waiting = scene.send_some()
    is_held = chance.random() < 0.5
    if is_held:
        # A worker has claimed a message and not yet looked up for whom it is.
        pid, reached = stage.holding(Order(at="claimed"))
        assert reached
    region = chance.choice(waiting).mailbox.partition("@")[0]
    change = chance.choice((_change_mailbox, _replace_holder, _leave_vacant, _cover, _move_areas))
    for_waiting, for_later = change(region)
    if is_held:
        stage.let_go()
        assert stage.ended(pid) == 0
    later = scene.send_some(1)
    for sent in scene.enquiries:
        if sent.mailbox == f"{region}@example.org" and sent not in arrived:
            sent.mailbox = for_later if sent in later else for_waiting
    stage.finish()


def _change_mailbox(region: str) -> tuple[str, str]:
    mailbox = f"new-{region}@example.org"
    Post.objects.filter(region__slug=region).update(mailbox=mailbox)
    return mailbox, mailbox


def _replace_holder(region: str) -> tuple[str, str]:
    """The mailbox is gone with the co-ordinator; the next one's own address is all there is."""
    person, _ = Coordinator.objects.get_or_create(
        email=f"next-{region}@example.org", defaults={"name": "Next"}
    )
    Post.objects.filter(region__slug=region).update(holder=person, mailbox="")
    return person.email, person.email


def _leave_vacant(region: str) -> tuple[str, str]:
    Post.objects.filter(region__slug=region).update(holder=None, is_vacant=True, covered_by=None)
    return settings.NATIONAL_TEAM_EMAIL, settings.NATIONAL_TEAM_EMAIL


def _cover(region: str) -> tuple[str, str]:
    other = _another_post(region)
    Post.objects.filter(region__slug=region).update(holder=None, is_vacant=True, covered_by=other)
    return other.mailbox, other.mailbox


def _move_areas(region: str) -> tuple[str, str]:
    """Whoever was told "This goes to …" is kept to; only later enquiries go elsewhere."""
    other = _another_post(region)
    Area.objects.filter(region__slug=region).update(region=other.region)
    return f"{region}@example.org", other.mailbox


def _another_post(region: str) -> Post:
    return Post.objects.exclude(region__slug=region).select_related("region")[0]
