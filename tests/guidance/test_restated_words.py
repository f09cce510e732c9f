"""What installations froze before the restated words were put right, and what comes of it."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, transaction
from django.test import Client

from accounts.models import User
from guidance.actions.loading import EARLIER_PAGE, PAGE
from guidance.actions.redacting import redact
from guidance.actions.storing import store_sections
from guidance.content import Content
from guidance.drafts import DraftSection, DraftText
from guidance.live import rendered
from guidance.models import Edition, Redaction
from guidance.shipped import DATA, ShippedEdition, read_edition
from tests.guidance.factories import make_edition, make_page
from tests.training.factories import uk

pytestmark = pytest.mark.django_db
migration = import_module("guidance.migrations.0007_put_restated_words_right")

# As the site shipped them first; {C} is what the edition calls a co-ordinator.
AS_SHIPPED_BEFORE = {
    "about-a-person": """Call 999 and tell the police straight away if you think that a child, \
young person or adult learner:

- is about to put themselves, or someone else, in immediate danger
- appears to be involved in planning a criminal offence

In other cases, if you are worried that someone is susceptible to being drawn into terrorism, you \
can get advice and support. Read the [guidance on making a Prevent referral]\
(link:prevent-referral).""",
    "about-a-provider": """Fill in the [form for reporting extremism](link:report-extremism) if \
you are concerned about extremism in an education provider. This covers:

- allegations against staff
- harmful outside influence on the provider

If you are a higher education (HE) provider and have had an incident related to Prevent, you may \
also have to tell the [Office for Students](link:office-for-students) (OfS). Read the OfS's \
[guidance on serious incidents related to Prevent](link:ofs-serious-incidents).""",
    "how-they-can-help": """Regional Prevent education {c}s (RPECs) work for the Department for \
Education (DfE). In every region of England they support the delivery of Prevent and help to make \
it better. The Prevent duty is the legal duty to help prevent people from becoming terrorists or \
supporting terrorism.

{C}s cover:

- schools
- further education (FE)
- higher education (HE)
- DfE's other interests in the region""",
    "virtual-training": """{C}s hold large virtual training sessions about putting Prevent into \
practice. They are open to anyone who works in an education setting in England, but are made \
mainly for people whose role is dedicated to safeguarding or to Prevent.

Register for a place on Eventbrite. All times are UK time.""",
    "training-for-governors": """This version of Prevent in education is for governors and \
trustees in schools. You learn what you are responsible for as a school governor and why the \
Prevent duty matters. It was designed by DfE for schools, not for colleges.

See also [all training for governors and trustees in schools](/training/governors/).""",
    "further-support": """You can get more help to carry out your Prevent responsibilities from:

- an [introduction to the Prevent duty](link:introduction-safeguarding-leads), for people who are \
responsible for safeguarding in schools and colleges
- [Educate Against Hate](link:educate-against-hate), for advice and resources for schools and FE
- [training materials on Prevent](link:he-training-materials), for HE
- [regional newsletters](/contact/?topic=newsletter), for FE and HE""",
    "contact-us": """Use the [contact form](/contact/) to:

- [find out about training in your region](/contact/?topic=training)
- [sign up for your region's newsletter](/contact/?topic=newsletter)
- [get help with a complex case of radicalisation](/contact/?topic=complex-case)
- [find a Prevent advocate who can speak in an HE setting](/contact/?topic=prevent-advocate)
- [learn about the risk in your local area](/contact/?topic=local-risk)
- [ask whether your region has a good-practice forum](/contact/?topic=good-practice-forum)

New HE, FE and independent training providers who want to join a good-practice forum can [use the \
same form](/contact/?topic=good-practice-forum).

{C}s cannot help every setting with Prevent from day to day.""",
}


def shipped(number: int, slug: str = PAGE) -> ShippedEdition:
    return read_edition((DATA / slug / f"{number}.md").read_text("utf-8"))


def text_of(sections: tuple[DraftSection, ...]) -> DraftText:
    return DraftText("A title", "A lead.", sections)


def frozen_before(number: int, **fields: Any) -> Edition:
    """An edition of the page, as installations of before froze it."""
    name = "coordinator" if number == 2 else "co-ordinator"
    sections = tuple(
        DraftSection(
            2, f"About {anchor}", anchor, words.format(C=name.capitalize(), c=name), "", ""
        )
        for anchor, words in AS_SHIPPED_BEFORE.items()
    )
    edition = make_edition(
        number,
        **{
            "page": make_page(PAGE),
            "state": Edition.State.SUPERSEDED,
            "is_restated": True,
            "frozen": rendered(text_of(sections)),
            **fields,
        },
    )
    store_sections(edition=edition, sections=sections)
    return edition


def restate() -> None:
    migration.restate(apps, None)


def said(edition: Edition) -> Content:
    return Edition.objects.get(pk=edition.pk).frozen()


@pytest.mark.parametrize("number", [2, 3])
def test_they_then_say_to_the_letter_what_is_shipped_today(number: int) -> None:
    edition = frozen_before(number)

    restate()

    today = {section.anchor: section for section in shipped(number).text.sections}
    expected = rendered(text_of(tuple(today[anchor] for anchor in AS_SHIPPED_BEFORE)))
    assert {s.anchor: s.html for s in said(edition).sections} == {
        s.anchor: s.html for s in expected.sections
    }
    assert dict(edition.sections.values_list("anchor", "markdown")) == {
        anchor: today[anchor].markdown for anchor in AS_SHIPPED_BEFORE
    }


def test_readers_see_that_it_was_put_right_on_the_edition_and_in_the_history(
    client: Client,
) -> None:
    frozen_before(2)
    restate()

    mark = Redaction.objects.get()
    assert (mark.places, mark.is_open, mark.redacted_by) == (8, False, None)
    for address in ("history/", "history/2/"):
        page = client.get(f"/guidance/{PAGE}/{address}").content.decode()
        assert "put right" in page or "put our words for" in page
        assert "more than the Department for Education’s page did" in page
        assert "[redacted]" not in page


def test_again_changes_nothing_and_what_is_shipped_today_needs_nothing() -> None:
    edition = frozen_before(2)
    restate()
    before = said(edition)

    restate()

    assert said(edition) == before
    assert Redaction.objects.count() == 1


def test_frozen_words_refuse_change_again_once_it_is_done() -> None:
    edition = frozen_before(2)
    restate()

    with pytest.raises(DatabaseError, match="never altered"), transaction.atomic():
        Edition.objects.filter(pk=edition.pk).update(title="Another")


def test_what_the_worker_recorded_since_is_put_right_too_and_what_an_editor_wrote_is_not() -> None:
    recorded = frozen_before(4, cause="Training: 1 session added.")
    written = frozen_before(5, is_restated=False)
    before = said(written)

    restate()

    assert "every setting" not in str(said(recorded))
    assert said(written) == before


def test_what_was_redacted_stays_redacted(administrator: User) -> None:
    edition = frozen_before(2)
    redact(
        page=edition.page,
        words="Educate Against Hate",
        reason="A court's order.",
        by=administrator,
        at=uk("2026-11-20 10:00"),
    )

    restate()

    assert "Educate Against Hate" not in str(said(edition))
    assert "[redacted]" in str(said(edition))
    assert "does not hold that list" in str(said(edition))
    assert Redaction.objects.filter(cause="").count() == 1


def test_the_page_of_2023_is_put_right_where_it_was_loaded_before() -> None:
    words = "appears to be involved in planning a criminal offence"
    section = DraftSection(3, "About a person", "about-a-person", words, "", "")
    edition = make_edition(
        1, page=make_page(EARLIER_PAGE), is_restated=True, frozen=rendered(text_of((section,)))
    )

    restate()

    assert "planning to carry out a criminal offence" in str(said(edition))


@pytest.mark.parametrize("number", [2, 3])
@pytest.mark.parametrize(
    "words",
    [
        "every setting",
        "legal duty",
        "not for colleges",
        "You can get more help",
        "Read the OfS",
        "This covers",
    ],
)
def test_what_is_shipped_tells_nothing_that_the_page_did_not_say(number: int, words: str) -> None:
    assert words not in str(shipped(number).text)
