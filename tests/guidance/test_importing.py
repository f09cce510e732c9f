from __future__ import annotations

import re
from functools import partial
from typing import Any

import pytest
from django.test import Client

from guidance.actions import importing
from guidance.actions.importing import CAUSE
from guidance.history.comparison import compare
from guidance.models import Edition, Origin, Page, Section, Withdrawal
from guidance.whitehall.content_item import ItemError
from tests.guidance.factories import make_edition, make_page
from tests.guidance.govuk_items import CONTENT_ID, FIRST, SECOND, SLUG, THIRD, read
from tests.training.factories import uk

import_items = partial(importing.import_items, at=uk("2026-11-20 10:00"))
plan_import = partial(importing.plan_import, at=uk("2026-11-20 10:00"))

pytestmark = pytest.mark.django_db

H1 = ((FIRST, "First published."),)
H2 = (*H1, (SECOND, "Beans added."))
H3 = (*H2, (THIRD, "Peas added."))
LATER = "2025-06-01T09:00:00+01:00"


def one(**fields: Any) -> Any:
    return read("one.json", history=H1, **fields)


def three(**fields: Any) -> Any:
    return read("three.json", **{"history": H3, "body": BEANS, **fields})


def later(**fields: Any) -> Any:
    return read("later.json", **{"history": H3, "body": BEANS, "updated_at": LATER, **fields})


BEANS = '<h2 id="beans">Beans</h2><p>Sow <a href="/seeds">them</a>.</p>'


def rows() -> list[tuple[Any, ...]]:
    return [
        (e.number, e.published_at, e.state, e.update_type, e.change_note, e.is_text_held)
        for e in Edition.objects.oldest_first()
    ]


def everything() -> list[Any]:
    kinds = (Page, Edition, Section, Origin, Withdrawal)
    return [list(kind.objects.order_by("pk").values()) for kind in kinds]


def refusal(*items: Any) -> str:
    before = everything()
    with pytest.raises(ItemError) as refused:
        import_items(items)
    assert everything() == before
    return str(refused.value)


def test_each_file_and_each_other_update_is_an_edition() -> None:
    done = import_items([one(), three()])

    assert (done.slug, len(done.editions)) == (SLUG, 3)
    assert rows() == [
        (1, uk("2024-03-04 09:30"), "superseded", "major", "First published.", True),
        (2, uk("2024-09-02 08:00"), "superseded", "major", "Beans added.", False),
        (3, uk("2025-05-21 10:31"), "published", "major", "Peas added.", True),
    ]
    assert {edition.cause for edition in Edition.objects.all()} == {CAUSE}


def test_what_it_says_is_kept_as_markdown_and_frozen() -> None:
    import_items([three()])

    edition = Edition.objects.live().get()
    (section,) = edition.sections.all()
    assert (section.heading, section.anchor, section.level) == ("Beans", "beans", 2)
    assert section.markdown == "Sow [them](https://www.gov.uk/seeds)."
    assert (edition.title, edition.lead) == (
        "Keeping a school garden",
        "How to keep a garden that belongs to a school.",
    )
    assert edition.frozen().sections[0].html == (
        '<p>Sow <a href="https://www.gov.uk/seeds">them</a>.</p>'
    )


def test_a_second_state_of_the_same_update_is_a_minor_change() -> None:
    import_items([three(), later()])

    assert rows()[2:] == [
        (3, uk("2025-05-21 10:31"), "superseded", "major", "Peas added.", True),
        (4, uk("2025-06-01 09:00"), "published", "minor", "", True),
    ]


def test_the_same_files_again_change_nothing() -> None:
    items = [one(), three(), later()]
    import_items(items)
    before = everything()

    assert import_items(items).editions == ()
    assert everything() == before


def test_two_updates_of_one_moment_stay_two_and_go_back_to_gov_uk_as_two(client: Client) -> None:
    tied = (*H1, (THIRD, "Beans added."), (THIRD, "Peas added."))
    item = three(history=tied)

    import_items([item])
    import_items([item])

    assert [(row[0], row[4]) for row in rows()] == [
        (1, "First published."),
        (2, "Beans added."),
        (3, "Peas added."),
    ]
    history = client.get(f"/api/content/guidance/{SLUG}").json()["details"]["change_history"]
    assert [entry["note"] for entry in history] == [
        "Peas added.",
        "Beans added.",
        "First published.",
    ]


def test_a_later_state_is_appended() -> None:
    import_items([one()])

    done = import_items([three()])

    assert [edition.note for edition in done.editions] == ["Beans added.", "Peas added."]
    assert [row[0:3:2] for row in rows()] == [
        (1, "superseded"),
        (2, "superseded"),
        (3, "published"),
    ]


def test_a_minor_state_is_appended_to_what_is_held() -> None:
    import_items([three()])

    import_items([later()])

    assert rows()[-1][3:] == ("minor", "", True)
    assert Edition.objects.live().get().number == 4


def test_an_older_state_is_refused() -> None:
    import_items([three()])

    assert refusal(one()).startswith("These files tell of an update from before what is held")


def test_an_older_minor_state_is_refused() -> None:
    import_items([three(), later()])

    assert refusal(read("a.json", history=H3, updated_at="2025-05-25T09:00:00+01:00")).startswith(
        "These files tell of an update from before what is held"
    )


def test_a_page_that_was_written_here_is_left_alone() -> None:
    make_edition(page=make_page(SLUG))

    assert refusal(one()) == f"There is a page at /guidance/{SLUG}/ that was written here."


def test_an_address_that_another_page_of_gov_uk_s_has_is_taken() -> None:
    import_items([one()])

    assert refusal(three(content_id=CONTENT_ID[:-1] + "2")) == (
        f"The address /guidance/{SLUG}/ is taken by another page."
    )


def test_a_withdrawn_page_is_withdrawn_here(client: Client) -> None:
    notice = {"explanation": '<p>See <a href="/new">the new one</a>.</p>', "withdrawn_at": LATER}

    import_items([three(withdrawn_notice=notice)])

    edition = Edition.objects.shown().with_note().get()
    assert edition.state == "withdrawn"
    withdrawal = Withdrawal.objects.get()
    assert withdrawal.explanation == "See [the new one](https://www.gov.uk/new)."
    assert withdrawal.withdrawn_at == uk("2025-06-01 09:00")
    assert client.get(f"/guidance/{SLUG}/").status_code == 200


@pytest.mark.parametrize(("applicable", "words"), [(True, "England"), (None, "")])
def test_nations_are_told_in_words(applicable: bool | None, words: str) -> None:
    nations = {"england": {"label": "England", "applicable": True}}
    details = {"national_applicability": nations} if applicable else {}

    import_items([three(details=details)])

    assert Page.objects.get(slug=SLUG).applies_to == words


def test_nothing_is_half_imported() -> None:
    bad = three(body="<p>x</p><script>y()</script>")

    assert refusal(one(), bad) == (
        "three.json: The body holds “script”, which no page of guidance has: it was not taken."
    )
    assert not Page.objects.filter(slug=SLUG).exists()


def test_an_import_tells_before_and_after_what_cannot_be_carried() -> None:
    items = [three(body=BEANS + "<p>21<sup>st</sup></p>")]

    told = plan_import(items).not_carried

    assert told == ("three.json: raised letters (kept as plain ones)",)
    assert not Edition.objects.exists()
    assert import_items(items).not_carried == told


def test_its_feed_log_and_page_can_be_read(client: Client) -> None:
    history = (*H1, (THIRD, "Peas\x0b <b>added</b> & more\x01."))
    import_items([read("a.json", history=history, title="Gardens\x02 & <i>beds</i>")])

    for path in ("", "updates.atom", "history/"):
        assert client.get(f"/guidance/{SLUG}/{path}").status_code == 200


TERM = (
    '<h2 id="who">Who</h2>\n<p>A regional {0} helps. The {0} visits; ask a {0}.</p>\n'
    "<ul><li>each {0}</li><li>nobody else</li></ul>\n"
    '<h2 id="when">When</h2>\n<table><thead><tr><th scope="col">Date</th><th scope="col">Time</th>'
    "</tr></thead><tbody>{1}</tbody></table>\n<p>That is all.</p>"
)


def table(**changed: str) -> str:
    dates = ("3 July", "22 September", "1 December", "10 February", "22 April")
    rows = []
    for number, date in enumerate(dates):
        rows.append(f"<tr><td>{date}</td><td>{changed.get(f'r{number}', '3:30pm')}</td></tr>")
    return "".join(rows)


def test_two_states_compared_show_just_the_words_that_changed() -> None:
    before = read("a.json", history=H2, body=TERM.format("coordinator", table()))
    after = three(body=TERM.format("co-ordinator", table(r1="4pm", r3="5pm", r4="Cancelled")))
    import_items([before, after])
    old, new = (edition.frozen() for edition in Edition.objects.oldest_first()[1:])

    compared = compare(old, new)

    who, when = (re.sub(r"\s*\n\s*", "", section.html) for section in compared.sections)
    changed = "<del>coordinator</del><ins>co-ordinator</ins>"
    assert plainly_marked(who) == (
        f"<p>A regional {changed} helps. The {changed} visits; ask a {changed}.</p>"
        f"<ul><li>each {changed}</li><li>nobody else</li></ul>"
    )
    assert re.findall(r"<(ins|del)>(.*?)</\1>", plainly_marked(when)) == [
        ("del", "3:30pm"),
        ("ins", "4pm"),
        ("del", "3:30pm"),
        ("ins", "5pm"),
        ("del", "3:30pm"),
        ("ins", "Cancelled"),
    ]
    assert compared.summary == ("Who: 4 edits to the text.", "When: 3 edits to the text.")


def plainly_marked(html: str) -> str:
    """Marked HTML without what is said of each mark to screen readers."""
    return re.sub(r'<span class="[^"]*hidden[^"]*">.*?</span>', "", html)


def test_a_day_that_is_still_to_come_is_refused() -> None:
    for wrong in (
        one(updated_at="2099-01-01T00:00:00Z"),
        read("x.json", history=(*H1, ("2099-01-01T00:00:00Z", "A slip of the year."))),
    ):
        assert refusal(wrong).endswith("tells of a day that is still to come.")


def test_an_explanation_that_no_markdown_can_be_made_of_is_refused() -> None:
    notice = {"withdrawn_at": "2025-06-02T09:00:00+01:00", "explanation": "<div>" * 900 + "x"}

    assert "the withdrawal's explanation" in refusal(one(withdrawn_notice=notice))
