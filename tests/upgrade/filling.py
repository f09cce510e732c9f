"""Fills the site that it is run in with what months of use leave behind.

Played by the earlier version's Python in its checkout, with Django set up, so it imports only that
version's code, by names that every version has. An action is found by its name, wherever the
version keeps it.
"""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import sys
from collections.abc import Callable
from datetime import date, timedelta
from inspect import signature
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.contrib.auth.models import Group
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from accounts.models import User
from contact.models import Enquiry
from guidance.models import Edition, Link, Page
from regions.models import Absence, Coordinator, LocalContact, Place, Post, Region
from training.models import RegistrationCheck, Session, Track

FOLDER = Path(os.environ["VAR_DIR"])
NOW = timezone.now()
TYPED = {
    "place": "Wigan",
    "setting": "school",
    "topic": "training",
    "message": "When is the next date? Ünïcödé – and a second line.\nThis one.",
    "full_name": "Sam Example",
    "email": "sam@school.example",
    "organisation": "Example School",
    "confirm": "yes",
}
TOPICS = (
    "training",
    "newsletter",
    "complex-case",
    "improvement",
    "incident",
    "prevent-advocate",
    "local-risk",
    "good-practice-forum",
    "other",
)


# What actions are called in later versions.
LATER = {
    "answer": "mark_as_answered",
    "erase_person": "erase_personal_data",
    "export_person": "export_personal_data",
    "keep": "begin_legal_hold",
    "keep_save": "store_save",
    "show": "record_reading",
}


def action(package: str, name: str) -> Callable[..., Any]:
    """Return the function of that name, or of its later one, from whichever module has it.

    Raises LookupError where none has.
    """
    names = (name, LATER.get(name, name))
    found = importlib.import_module(package)
    for module in pkgutil.iter_modules(found.__path__, f"{package}."):
        held = vars(importlib.import_module(module.name))
        for name in names:
            if name in held:
                function: Callable[..., Any] = held[name]
                return function
    raise LookupError(f"{package} has no {' or '.join(names)}.")


def send(**changes: str) -> Enquiry:
    """Send an enquiry by the site's own form."""
    answer = Client(SERVER_NAME="127.0.0.1").post("/contact/", {**TYPED, **changes})
    assert answer.status_code == 302, answer.content.decode()[:3000]
    return Enquiry.objects.latest("pk")


def step(name: str, enquiry: Enquiry, **facts: Any) -> None:
    """Take a step with an enquiry, as it stands now."""
    action("contact.actions", name)(enquiry=Enquiry.objects.get(pk=enquiry.pk), **facts)


def fill_people() -> None:
    editor = User.objects.create_user("second-editor@rpec.example", "a long enough password")
    editor.groups.set(Group.objects.filter(name="Editors"))
    left = User.objects.create_user("left@rpec.example", "a long enough password")
    left.is_active = False
    left.save()
    team = User.objects.create_user("team@rpec.example", "a long enough password")
    team.groups.set(Group.objects.filter(name="National team"))
    Coordinator.objects.create(
        name="Shown Person", email="shown@rpec.example", biography="Knows.", shows_name=True
    )
    staff = Client(SERVER_NAME="127.0.0.1")
    assert staff.login(username="administrator", password=os.environ["EXAMPLE_PASSWORD"])
    answer_time = {"topic": "incident", "working_days": "1"}
    assert staff.post("/admin/contact/answertime/add/", answer_time).status_code == 302


def fill_regions() -> None:
    london = Region.objects.get(slug="london")
    london.newsletter_text = "Write to us for our newsletter."
    london.save()
    schools, other = Post.objects.get(region=london), Post.objects.get(region__slug="south-east")
    schools.mailbox, schools.remit = "london-schools@rpec.example", Post.Remit.SCHOOLS
    schools.save()
    Absence.objects.create(
        post=schools,
        first_day=NOW.date() + timedelta(days=9),
        last_day=NOW.date() + timedelta(days=20),
        covered_by=other,
    )
    Post.objects.create(
        region=london,
        title="Further education",
        remit=Post.Remit.FURTHER_AND_HIGHER,
        position=2,
        mailbox="london-further@rpec.example",
    )
    Post.objects.filter(region__slug="east-midlands").update(is_vacant=True, holder=None)
    Place.objects.create(name="Our own name", key="our own name", is_outside_england=True)
    LocalContact.objects.create(
        kind="prevent",
        council=Place.objects.get(key="wigan"),
        label="Wigan Prevent team",
        telephone="01942 000000",
        owner="Wigan Council",
        checked_on=NOW.date(),
    )
    visitor = Client(SERVER_NAME="127.0.0.1")
    for name in ("Nowherebury", "Nowherebury", "Atlantis-on-Sea"):
        assert visitor.get("/find-your-coordinator/", {"q": name}).status_code == 200
    for command in ("import_postcodes", "import_establishments"):
        call_command(command, str(FOLDER / f"{command}.csv"))


def fill_training() -> None:
    editor = User.objects.get(email="second-editor@rpec.example")
    # Each may be recorded by the worker: they are no examples.
    lines = [
        f"{day:%A} {day.day} {day:%B %Y}, 3:30pm to 4:45pm, https://www.eventbrite.co.uk/e/u-{n}"
        for n in range(6)
        for day in [date(NOW.year + 2, 3, 2) + timedelta(weeks=n)]
    ]
    rows = action("training.actions", "read_paste")(
        "\n".join(lines),
        track=Track.objects.get(slug="dsl"),
        region=Region.objects.get(slug="london"),
        title="A title, with “quotes”",
        at=NOW,
    )
    stored = action("training.actions", "store_rows")(rows, at=NOW, by=editor)
    moved, full, cancelled, copied = stored[:4]
    moved.starts_at += timedelta(days=1)
    moved.ends_at += timedelta(days=1)
    moved.save()
    one = Session.objects.filter
    action("training.actions", "mark_sessions_full")(sessions=one(pk=full.pk), by=editor)
    action("training.actions", "cancel_sessions")(sessions=one(pk=cancelled.pk), by=editor)
    action("training.actions", "copy_session")(
        session=copied, starts_at=copied.starts_at + timedelta(days=70), by=editor
    )
    RegistrationCheck.objects.create(
        url=copied.registration_url, checked_at=NOW, fault="It is not there any more."
    )
    Track.objects.create(
        slug="own", name="A track of our own", audience="All", summary="It.", position=4
    )
    Session.objects.filter(pk=stored[5].pk).update(registration_url="")


def fill_guidance() -> None:
    editor = User.objects.get(email="second-editor@rpec.example")
    administrator = User.objects.get(email="administrator@example.org")
    named = {name: action("guidance.actions", name) for name in (
        "begin_page", "correct_note", "discard_draft", "keep_save", "publish", "redact",
        "schedule", "start_draft", "unschedule", "withdraw",
    )}  # fmt: skip
    page = Edition.objects.live().get().page

    def draft(words: str) -> Edition:
        made: Edition = named["start_draft"](
            source=Edition.objects.live().get(page=page), by=editor
        )
        section = made.sections.get(anchor="newsletters")
        section.markdown += f"\n\n{words}"
        section.save()
        named["keep_save"](draft=made, by=administrator)
        return made

    def publish(draft: Edition, update_type: str, note: str) -> Edition:
        published: Edition = named["publish"](
            draft=draft, update_type=update_type, change_note=note, by=editor, at=timezone.now()
        )
        return published

    noted = publish(draft("Ask Xavier Unmentionable for it."), "major", "A nmae was added.")
    named["correct_note"](
        edition=noted, note="A name was added.", by=administrator, at=timezone.now()
    )
    publish(draft("Or ask *anybody*."), "minor", "")
    named["redact"](
        page=page,
        words="Xavier Unmentionable",
        reason="A person asked for it.",
        by=administrator,
        at=timezone.now(),
    )
    later = {"update_type": "minor", "change_note": "", "by": editor, "at": timezone.now()}
    named["schedule"](
        draft=draft("Said from then on."), scheduled_for=NOW + timedelta(days=30), **later
    )
    other = Page.objects.create(slug="another-page")
    publish(named["begin_page"](page=other, by=editor), "major", "First published.")
    named["withdraw"](
        page=other, explanation="It was merged.", instead=page, by=editor, at=timezone.now()
    )
    unscheduled = named["start_draft"](
        source=Edition.objects.filter(page=other).latest("pk"), by=editor
    )
    unscheduled = named["schedule"](
        draft=unscheduled, scheduled_for=NOW + timedelta(days=9), **later
    )
    named["unschedule"](edition=unscheduled)
    third = Page.objects.create(slug="never-published")
    named["begin_page"](page=third, by=editor)
    call_command("import_govuk", str(FOLDER / "import_govuk.json"))
    link = Link.objects.order_by("key")[0]
    link.address, link.checked_on = "https://changed.example/", NOW.date()
    link.save()


def fill_what_waits() -> None:
    """Leave a proposal and a page that was imported and is not published, where there are such."""
    try:
        propose, receive = (
            action("guidance.actions", name) for name in ("propose_address", "receive")
        )
    except LookupError:
        return
    editor = User.objects.get(email="second-editor@rpec.example")
    link = Link.objects.order_by("key")[1]
    propose(link=link, address="https://proposed.example/", by=editor, at=NOW)
    source = json.dumps(content_item("a-page-that-waits"))
    item = action("guidance.whitehall", "read_item")(source.encode(), name="state.json")
    receive(items=[item], sources=[("state.json", source)], by=editor, at=NOW)


def fill_enquiries() -> None:
    north_west = User.objects.get(email="coordinator-north-west@example.org")
    team = User.objects.get(email="team@rpec.example")
    sent = {topic: send(topic=topic, email=f"{topic}@school.example") for topic in TOPICS}
    step("take", sent["training"], by=north_west)
    step("add_note", sent["training"], by=north_west, note="Rang them – “no answer”.")
    step("assign", sent["newsletter"], to=team, by=north_west)
    step("answer", sent["newsletter"], by=team)
    step("refer", sent["complex-case"], by=north_west)
    step("hold", sent["improvement"], by=north_west, note="Not sure that it is real.")
    step(
        "hand_over", sent["incident"], to=Region.objects.get(slug="london"), by=team, note="Camden"
    )
    step("hand_over", sent["local-risk"], to=None, by=north_west, note="National.")
    step("answer", sent["prevent-advocate"], by=north_west)
    step("close", sent["prevent-advocate"], by=north_west, note="Done.")
    step("reopen", sent["prevent-advocate"], by=north_west)
    step("show", sent["other"], by=team)
    step("keep", sent["other"], by=team, note="An inquiry asks for it.")
    send(message="", topic="complex-case", telephone="0161 4960000", email="call@school.example")
    send(place="", area="several", setting="other", email="several@school.example")
    send(place="Leeds", area="north-west", email="override@school.example", role="Lead")
    send(place="Leeds", setting="higher-education", email="he@school.example")
    released = send(website="https://robot.example", email="held@school.example")
    send(website="https://robot.example", email="still-held@school.example")
    step("release", released, by=north_west)
    erased = send(email="erased@school.example")
    step("answer", erased, by=north_west)
    action("contact.actions", "export_person")(email="training@school.example", by=team)
    erase = action("contact.actions", "erase_person")
    # Later versions erase only what was shown.
    shown = (
        {"references": [erased.reference]} if "references" in signature(erase).parameters else {}
    )
    erase(email="erased@school.example", by=team, **shown)


def write_national_files() -> None:
    """Write the files that the commands take in, in the columns of the national ones."""
    (FOLDER / "import_postcodes.csv").write_text(
        "pcds,doterm,lad25cd,pfa23cd,ctry25cd,rgn25cd\n"
        "M11 1AA,,E08000003,E23000005,E92000001,E12000002\n"
        "LS1 1AA,202001,E08000035,E23000010,E92000001,E12000003\n"
    )
    (FOLDER / "import_establishments.csv").write_text(
        "URN,EstablishmentName,EstablishmentStatus (name),Postcode,"
        "DistrictAdministrative (code),LA (code)\n"
        "100001,Canal Street Primary School,Open,M11 1AA,E08000003,352\n"
    )
    (FOLDER / "import_govuk.json").write_text(json.dumps(content_item("a-page-from-there")))


def content_item(slug: str) -> dict[str, Any]:
    """Return a page as GOV.UK serves it."""
    return {
        "base_path": f"/guidance/{slug}",
        "content_id": str(uuid5(NAMESPACE_URL, slug)),
        "description": "What it is for.",
        "details": {
            "body": '<div class="govspeak"><h2 id="one">One</h2><p>Some words.</p></div>',
            "political": False,
            "change_history": [
                {"note": "First published.", "public_timestamp": "2024-01-02T10:00:00+00:00"}
            ],
        },
        "document_type": "detailed_guide",
        "links": {},
        "locale": "en",
        "public_updated_at": "2024-01-02T10:00:00+00:00",
        "schema_name": "detailed_guide",
        "title": "A page from there",
        "updated_at": "2024-01-02T10:00:00+00:00",
    }


if __name__ == "__main__":
    if sys.argv[1:] == ["enquiry"]:
        send(email="waiting@school.example")
        raise SystemExit
    write_national_files()
    fill_people()
    fill_regions()
    fill_training()
    fill_guidance()
    fill_what_waits()
    fill_enquiries()
