"""Components, each by what it promises to the page that includes it."""

from datetime import UTC, datetime

import pytest
from django import forms
from django.template import TemplateSyntaxError

from govuk.forms import GovukForm, TextInput
from tests.govuk.html import attribute, elements, render, text

SESSION = {
    "weekday_date": "Tuesday 10 February 2026",
    "time_range": "3:30pm to 4:45pm",
    "title": "",
    "audience": "",
    "region_name": "",
    "status": "scheduled",
    "is_past": False,
    "duration": "",
    "moved_from": "",
    "registration_url": "https://www.eventbrite.co.uk/e/1",
    "no_link": "Link to follow",
    "url": "/training/sessions/1/",
    "calendar_url": "",
}


def lines(*rows: dict[str, object]) -> list[list[str]]:
    """The words of a sessions table: its head, then each row."""
    page = render(
        '{% include "components/sessions_table.html" with rows=rows caption="Dates" only %}',
        rows=rows,
    )
    return [
        [text(cell) for cell in elements(row) if cell.name in {"th", "td"}]
        for row in elements(page, "tr")
    ]


def test_a_session_is_a_line_of_date_time_and_registration() -> None:
    assert lines(SESSION) == [
        ["Date", "Time", "Booking"],
        [
            "Tuesday 10 February 2026",
            "3:30pm to 4:45pm",
            "Register for Tuesday 10 February 2026, 3:30pm to 4:45pm",
        ],
    ]


def test_a_session_without_a_link_says_that_it_follows() -> None:
    assert lines({**SESSION, "registration_url": ""})[1][-1] == "Link to follow"


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ({"status": "full"}, "Full"),
        ({"status": "cancelled"}, "Cancelled"),
        ({"status": "cancelled", "is_past": True}, "Cancelled"),
        ({"is_past": True}, "Ended"),
        ({"status": "full", "is_past": True}, "Ended"),
    ],
)
def test_a_session_that_cannot_be_booked_says_why_and_has_no_link(
    state: dict[str, object], words: str
) -> None:
    assert lines({**SESSION, **state})[1][-1] == words


def test_whom_a_session_is_for_has_a_column_once_any_session_says_it() -> None:
    named = {**SESSION, "title": "Online risks", "audience": "Governors", "region_name": "London"}
    table = lines(SESSION, named)
    assert table[0] == ["Date", "Time", "Session", "Booking"]
    assert [row[2] for row in table[1:]] == ["", "Online risks Governors London only"]


def test_two_sessions_on_one_day_have_links_of_different_words() -> None:
    page = render(
        '<div>{% include "components/sessions_table.html" with rows=rows caption="A" about="DSLs" '
        'only %}{% include "components/sessions_table.html" with rows=rows caption="B" '
        'about="Governors" only %}</div>',
        rows=[SESSION, {**SESSION, "title": "Online risks", "region_name": "London"}],
    )
    when = "Tuesday 10 February 2026, 3:30pm to 4:45pm"
    assert [attribute(link, "aria-label") or text(link) for link in elements(page, "a")] == [
        f"{when}: DSLs",
        f"Register for {when}: DSLs",
        f"{when}: Online risks, London only",
        f"Register for {when}: Online risks",
        f"{when}: Governors",
        f"Register for {when}: Governors",
        f"{when}: Online risks, London only",
        f"Register for {when}: Online risks",
    ]


def test_a_title_that_names_its_audience_is_not_followed_by_it() -> None:
    named = {**SESSION, "title": "Training for governors", "audience": "Governors"}
    assert lines(named)[1][2] == "Training for governors"


def test_a_line_says_how_long_it_lasts_and_from_when_it_was_moved() -> None:
    session = SESSION | {"duration": "1 hour 15 minutes", "moved_from": "Monday 9 February 2026"}
    assert lines(session)[1][1] == (
        "3:30pm to 4:45pm , 1 hour 15 minutes , Moved from Monday 9 February 2026"
    )


def test_a_list_of_past_sessions_has_no_booking_and_says_which_were_cancelled() -> None:
    page = render(
        '{% include "components/sessions_table.html" with rows=rows caption="Past sessions" '
        "is_past_list=True only %}",
        rows=[{**SESSION, "is_past": True}, {**SESSION, "is_past": True, "status": "cancelled"}],
    )
    assert [text(row) for row in elements(page, "tr")] == [
        "Date Time",
        "Tuesday 10 February 2026 3:30pm to 4:45pm",
        "Tuesday 10 February 2026 3:30pm to 4:45pm Cancelled",
    ]


def test_a_caption_may_begin_with_words_that_are_only_read_out() -> None:
    page = render(
        '{% include "components/sessions_table.html" with rows=rows caption="academic year 2025" '
        'caption_start="Governors" only %}',
        rows=[SESSION],
    )
    [caption] = elements(page, "caption")
    assert text(caption) == "Governors, academic year 2025"
    assert [text(words) for words in elements(caption, class_="govuk-visually-hidden")] == [
        "Governors,"
    ]


def test_a_form_without_errors_has_no_summary() -> None:
    class Short(GovukForm):
        name = forms.CharField(widget=TextInput)

    source = '<div>{% include "components/error_summary.html" with form=form only %}</div>'
    assert text(render(source, form=Short())) == ""
    wrong = render(source, form=Short({}))
    assert [attribute(link, "href") for link in elements(wrong, "a")] == ["#id_name"]


def test_a_summary_row_is_changed_by_a_button_a_link_or_not_at_all() -> None:
    page = render(
        '{% include "components/summary_list.html" with rows=rows only %}',
        rows=[
            {"key": "Name", "value": "Jaya", "change_name": "change", "change_value": "name"},
            {"key": "Topic", "value": "Training", "change_url": "/contact/"},
            {"key": "Goes to", "value": "North-East"},
        ],
    )
    assert [text(button) for button in elements(page, "button")] == ["Change Name"]
    assert [text(link) for link in elements(page, "a")] == ["Change Topic"]


def test_a_summary_keeps_line_breaks_and_no_markup() -> None:
    page = render(
        '{% include "components/summary_list.html" with rows=rows only %}',
        rows=[{"key": "Message", "value": "one\n<b>two</b>"}],
    )
    assert len(elements(page, "br")) == 1
    assert elements(page, "b") == []


def test_the_finder_sends_what_was_typed_as_q_and_has_a_label() -> None:
    source = (
        '{% include "components/finder.html" with action="/find/" value=value label="Find" '
        'hint="A county" heading_level=1 only %}'
    )
    page = render(source, value='Leeds" onfocus="')
    [box] = elements(page, "input")
    assert [attribute(box, name) for name in ("name", "value", "aria-describedby")] == [
        "q",
        'Leeds" onfocus="',
        "q-hint",
    ]
    assert [text(heading) for heading in elements(page, "h1")] == ["Find"]
    assert [attribute(label, "for") for label in elements(page, "label")] == ["q"]


def test_the_finder_offers_those_who_do_not_want_to_type_another_way() -> None:
    page = render(
        '{% include "components/finder.html" with action="/find/" label="Find" '
        'other_url="/regions/" other_text="See all eight regions" only %}'
    )
    [link] = elements(page, "a")
    assert (text(link), attribute(link, "href")) == ("See all eight regions", "/regions/")


def test_a_print_button_is_hidden_until_script_shows_it() -> None:
    [button] = elements(render('{% include "components/print_button.html" only %}'), "button")
    assert attribute(button, "hidden") is not None


def test_a_panel_of_an_unknown_tone_is_refused() -> None:
    with pytest.raises(TemplateSyntaxError, match="purple"):
        render('{% load govuk %}{% panel tone="purple" %}{% endpanel %}')


def test_block_tags_hold_markup_and_escape_values() -> None:
    page = render(
        "{% load govuk %}{% details summary=typed %}<p>{{ typed }}</p>{% enddetails %}",
        typed="<script>",
    )
    assert [element.name for element in elements(page)] == [
        "details",
        "summary",
        "span",
        "div",
        "p",
    ]


def test_a_notification_and_a_summary_may_hold_markup() -> None:
    page = render(
        """{% load govuk %}<div>
        {% notification title="Edition 3" anchor="third" %}<p>It stood.</p>{% endnotification %}
        {% summary_list %}{% summary_row key="Note" %}<em>{{ typed }}</em>{% endsummary_row %}
        {% endsummary_list %}</div>""",
        typed="<script>",
    )
    [banner] = elements(page, "section", aria_labelledby="third")
    assert text(elements(banner, "h2", id="third")[0]) == "Edition 3"
    assert [text(part) for part in elements(banner, "p")] == ["It stood."]
    [row] = elements(page, "dl")
    assert (text(elements(row, "dt")[0]), text(elements(row, "em")[0])) == ("Note", "<script>")
    assert [attribute(part, "class") for part in elements(row, "div")] == [
        "govuk-summary-list__row"
    ], "no row has actions, so none needs an empty place for them"


def test_the_date_filters_say_uk_time() -> None:
    page = render(
        "{% load govuk %}<p>{{ a|weekday_date_words }}, {{ a|date_words }}, {{ a|time_words }}, "
        "{{ a|time_range_words:b }}</p>",
        a=datetime(2025, 7, 3, 14, 30, tzinfo=UTC),
        b=datetime(2025, 7, 3, 15, 45, tzinfo=UTC),
    )
    assert text(page) == "Thursday 3 July 2025, 3 July 2025, 3:30pm, 3:30pm to 4:45pm"


def test_the_name_of_who_answers_is_not_broken_in_a_heading() -> None:
    page = render(
        "{% load govuk %}<h1>{{ words|together }}</h1>", words="Co-ordinators & <others> co-operate"
    )
    assert text(page) == "Co-ordinators & <others> co-operate"
    assert [text(part) for part in elements(page, class_="rpec-together")] == ["Co-ordinators"]
