"""The words that the site ships with: both editions whose text is held, their links.

Plain files, read without Django. The facts are those of the page of 2025: a pattern names what
a section must say, so that a sentence may be improved but no fact be lost.
"""

from __future__ import annotations

import csv
import re
import tomllib
from collections import Counter
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest

ROOT = Path(__file__).resolve().parents[2]
EDITIONS = ROOT / "guidance" / "data" / "regional-prevent-education-coordinators"
LINKS = ROOT / "guidance" / "data" / "links.csv"
SESSIONS = ROOT / "training" / "data" / "sessions.csv"

HEADING = re.compile(r"^(#{2,3}) (.+) \{#([a-z0-9-]+)\}$")
EMBED = re.compile(r"^\[\[(.+)\]\]$")
LINK = re.compile(r"\[([^\]]+)\]\(([^)]+)\)")
HYPHENATED = re.compile(r"([Cc])o-ordinat")


class Section(NamedTuple):
    """One section of an edition's file: its level is 2 or 3, its body Markdown with embeds."""

    level: int
    heading: str
    anchor: str
    body: str

    @property
    def words(self) -> str:
        """The body as a reader sees it: one line, links by their text, no embeds."""
        lines = (line for line in self.body.splitlines() if not EMBED.match(line))
        return re.sub(r"\s+", " ", LINK.sub(r"\1", " ".join(lines))).strip()

    @property
    def embed(self) -> str:
        """What the section's last line embeds ("regions", "sessions:dsl"), or nothing."""
        found = EMBED.match(self.body.rstrip().rpartition("\n")[2])
        return found[1] if found else ""


class Edition(NamedTuple):
    """An edition's file: its facts (the TOML) and its sections."""

    facts: dict[str, Any]
    sections: tuple[Section, ...]

    @property
    def text(self) -> str:
        """Everything below the facts that a reader sees, headings included."""
        return " ".join(f"{section.heading} {section.words}" for section in self.sections)

    def section(self, anchor: str) -> Section:
        """Return the section with that anchor; raises StopIteration without one."""
        return next(section for section in self.sections if section.anchor == anchor)


@cache
def edition(number: int) -> Edition:
    """Read the file of one edition; raises ValueError where it does not begin with its facts."""
    before, facts, markdown = (EDITIONS / f"{number}.md").read_text("utf-8").split("+++\n", 2)
    if before:
        raise ValueError("Nothing may stand before the facts.")
    sections: list[Section] = []
    for line in markdown.splitlines(keepends=True):
        if found := HEADING.match(line.rstrip("\n")):
            sections.append(Section(len(found[1]), found[2], found[3], ""))
        else:
            sections[-1] = sections[-1]._replace(body=sections[-1].body + line)
    return Edition(tomllib.loads(facts), tuple(sections))


def rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file by the names in its first line."""
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def without_hyphens(value: str) -> str:
    """Write co-ordinator and its kin as the page did before May 2025."""
    return HYPHENATED.sub(r"\1oordinat", value)


# Each fact by the anchor of the section that tells it: one pattern a line, in any case of letters.
FACTS = {
    "about-a-person": r"""
        \b999\b.*\bpolice\b.*(at once|straight away|immediately)
        child, young person or adult learner
        about to put themselves.*immediate danger
        appears to be involved in planning to carry out a criminal offence
        susceptible to being drawn into terrorism
        advice.*support.*making a Prevent referral
    """,
    "about-a-provider": r"""
        reporting extremism.*extremism in an education provider
        extremism in an education provider, including allegations against staff or .*influence
        higher education \(HE\) provider.*incident related to Prevent
        may (also )?have to tell the Office for Students \(OfS\)
        OfS.*guidance on serious incidents
    """,
    "how-they-can-help": r"""
        Department for Education \(DfE\)
        every region of England
        support the delivery of Prevent.*make it better
        \bschools\b.*further education \(FE\).*higher education \(HE\)
        DfE's other interests in the region
    """,
    "responsibilities": r"""
        providers to improve.*monitoring body has found concerns
        complex cases of radicalisation or terrorism.*children, young people, learners or staff
        providers and the police after incidents.*related to terrorism
        virtual training.*webinars on good practice
        training that is based on risk.*regional focus
        news.*newsletters
        co-ordinate.*partners.*region.*police and local authorities
    """,
    "find-your-region": r"""
        \beight regions\b
        includes.*not complete
    """,
    "virtual-training": r"""
        large virtual training sessions about putting Prevent into practice
        open to anyone who works in an education setting in England
        designed primarily for people with a dedicated safeguarding or Prevent role
        Register.*Eventbrite
        UK time
    """,
    "training-for-dsls": r"""
        Prevent in education
        what you are responsible for as a DSL
        why the Prevent duty matters
        designed by DfE
    """,
    "training-for-governors": r"""
        Prevent in education
        governors and trustees in schools
        what you are responsible for as a school governor
        why the Prevent duty matters
        designed by DfE
    """,
    "newsletters": r"""
        regularly
        risk and trends in the region
        training, guidance and resources that are new
        changes to the way Prevent is put into practice
        news, blogs and other reading that is relevant
    """,
    "further-support": r"""
        does not hold that list.*page before it named.*introduction to the Prevent duty
        responsible for safeguarding in schools and colleges
        Educate Against Hate.*schools and FE
        training materials on Prevent, for HE
        regional newsletters, for FE and HE
    """,
    "contact-us": r"""
        contact form
        training in your region
        sign up for your region's newsletter
        help with a complex case of radicalisation
        Prevent advocate who can speak in an HE setting
        risk in your local area
        whether your region has a good-practice forum
        New HE, FE and independent training providers.*good-practice forum.*form
    """,
}

# Each region with the areas named for it, in the page's order.
REGIONS = [
    "North-West: Greater Manchester, Cheshire, Cumbria, Isle of Man, Lancashire, Merseyside",
    (
        "North-East: West Yorkshire, Cleveland, Durham, Humberside, Northumbria, "
        "North Yorkshire, South Yorkshire"
    ),
    "West Midlands: West Midlands, Staffordshire, Warwickshire, West Mercia",
    "East Midlands: Derbyshire, Leicestershire, Lincolnshire, Northamptonshire, Nottinghamshire",
    "South-East: Thames Valley, Hampshire, Kent, Surrey, Sussex",
    "South-West: Avon and Somerset, Devon & Cornwall, Dorset, Gloucestershire, Wiltshire",
    "East-of-England: Bedfordshire, Essex, Hertfordshire, Norfolk, Cambridgeshire, Suffolk",
    "London: ",
]


def starts(track: str) -> list[str]:
    """Return the start times (UK, as written) of a track's sessions, in the file's order."""
    return [row["starts_at"] for row in rows(SESSIONS) if row["track"] == track]


@pytest.mark.parametrize(
    ("anchor", "pattern"),
    [
        (anchor, line.strip())
        for anchor, lines in FACTS.items()
        for line in lines.split("\n")
        if line.strip()
    ],
)
def test_every_fact_of_the_page_of_2025_is_told(anchor: str, pattern: str) -> None:
    words = edition(3).section(anchor).words

    assert re.search(pattern, words, re.IGNORECASE), words


def test_the_title_and_lead_say_who_helps_whom_with_what_and_where() -> None:
    facts = edition(3).facts

    assert facts["title"] == "Regional Prevent education co-ordinators (RPECs)"
    assert re.findall(
        r"co-ordinators \(RPECs\)|England|help|education provider|Prevent duty", facts["lead"]
    ) == ["co-ordinators (RPECs)", "England", "help", "education provider", "Prevent duty"]


def test_triggers_responsibilities_and_reasons_to_write_are_lists_of_their_full_length() -> None:
    def points(anchor: str) -> int:
        return edition(3).section(anchor).body.count("\n- ")

    assert points("about-a-person") == 2
    assert points("responsibilities") == 7
    assert points("newsletters") == 4
    assert points("further-support") == 4
    assert points("contact-us") == 6


def test_999_comes_before_anything_else_in_the_text() -> None:
    first, second = edition(3).sections[:2]

    assert (first.heading, first.words) == ("Report a concern", "")
    assert second.words.startswith("Call 999")


def test_the_headings_are_the_contents_that_a_reader_scans() -> None:
    assert [(section.level, section.heading) for section in edition(3).sections] == [
        (2, "Report a concern"),
        (3, "About a person"),
        (3, "About an education provider"),
        (2, "How co-ordinators can help"),
        (3, "What co-ordinators are responsible for"),
        (2, "Find your region"),
        (2, "Virtual training"),
        (3, "Training for designated safeguarding leads (DSLs)"),
        (3, "Training for governors and trustees in schools"),
        (2, "Newsletters from your region"),
        (2, "Further support and resources"),
        (2, "Contact your co-ordinator"),
    ]


@pytest.mark.parametrize("number", [2, 3])
def test_an_anchor_stands_once_and_does_not_change_with_the_spelling(number: int) -> None:
    anchors = [section.anchor for section in edition(number).sections]

    assert Counter(anchors).most_common(1)[0][1] == 1
    assert [anchor for anchor in anchors if "ordinat" in anchor] == []


@pytest.mark.parametrize("number", [2, 3])
def test_the_regions_and_each_track_are_embedded_once_at_a_section_s_end(number: int) -> None:
    sections = edition(number).sections

    assert {section.anchor: section.embed for section in sections if section.embed} == {
        "find-your-region": "regions",
        "training-for-dsls": "sessions:dsl",
        "training-for-governors": "sessions:governors",
    }
    assert sum(len(EMBED.findall(line)) for s in sections for line in s.body.splitlines()) == 3


def test_the_eight_regions_have_the_areas_that_the_page_named() -> None:
    named = [f"{row['name']}: {', '.join(row['areas'])}" for row in edition(3).facts["regions"]]

    assert named == REGIONS


def test_february_listed_the_first_three_of_each_track() -> None:
    expected = {track: starts(track)[:3] for track in ("dsl", "governors")}

    assert edition(2).facts["sessions"] == expected


def test_may_listed_everything_from_3_july_on() -> None:
    assert edition(3).facts["sessions"] == {
        "dsl": [start for start in starts("dsl") if start >= "2025-07-03"],
        "governors": [start for start in starts("governors") if start >= "2025-07-03"],
    }
    assert [len(listed) for listed in edition(3).facts["sessions"].values()] == [6, 6]


def test_the_editions_are_numbered_and_timed_as_they_were_published() -> None:
    february, may = edition(2).facts, edition(3).facts

    assert (february["number"], may["number"]) == (2, 3)
    assert february["published_at"] == datetime(2025, 2, 12, 11, 26, tzinfo=UTC)
    assert may["published_at"] == datetime(2025, 5, 21, 9, 31, tzinfo=UTC)
    assert february["change_note"] != may["change_note"]


def test_the_two_states_differ_in_spelling_one_area_their_dates_and_their_own_facts_only() -> None:
    february, may = edition(2), edition(3)
    own = {"number", "change_note", "published_at", "sessions"}

    def expected(value: object) -> object:
        if isinstance(value, str):
            return without_hyphens(value).replace("Avon and Somerset", "Avon & Somerset")
        if isinstance(value, list):
            return [expected(item) for item in value]
        if isinstance(value, dict):
            return {key: expected(item) for key, item in value.items()}
        return value

    assert february.facts.keys() == may.facts.keys()
    assert {key: value for key, value in february.facts.items() if key not in own} == {
        key: expected(value) for key, value in may.facts.items() if key not in own
    }
    assert february.sections == tuple(
        section._replace(
            heading=without_hyphens(section.heading), body=without_hyphens(section.body)
        )
        for section in may.sections
    )


def test_each_state_spells_co_ordinator_in_one_way_only() -> None:
    february, may = edition(2), edition(3)
    one_word = re.compile("coordinat", re.IGNORECASE)

    assert HYPHENATED.findall(f"{february.facts['title']} {february.facts['lead']}") == []
    assert HYPHENATED.findall(february.text) == []
    assert one_word.findall(f"{may.facts['title']} {may.facts['lead']}") == []
    assert one_word.findall(may.text) == []


@pytest.mark.parametrize("number", [2, 3])
def test_the_running_text_says_nothing_that_ages(number: int) -> None:
    ageing = re.compile(
        r"\b(20\d\d|January|February|March|April|June|July|August|September|October|November|"
        r"December|this edition|currently|recently|now|upcoming|\d{1,2}(:\d\d)?[ap]m)\b",
        re.IGNORECASE,
    )

    assert ageing.findall(edition(number).text) == []


@pytest.mark.parametrize("number", [2, 3])
def test_the_text_names_no_address_and_no_unknown_link(number: int) -> None:
    targets = [
        target for section in edition(number).sections for _, target in LINK.findall(section.body)
    ]
    keys = {target.removeprefix("link:") for target in targets if target.startswith("link:")}
    inside = {target.partition("?")[0] for target in targets if not target.startswith("link:")}

    assert keys - {row["key"] for row in rows(LINKS)} == set()
    assert " ".join(sorted(inside)) == (
        "/contact/ /find-your-coordinator/ "
        "/guidance/regional-prevent-coordinators/#further-support "
        "/regions/ /training/dsl/ /training/governors/"
    )


@pytest.mark.parametrize("number", [2, 3])
def test_links_into_the_form_choose_a_topic_that_the_form_has(number: int) -> None:
    topics = {
        target.partition("?topic=")[2]
        for section in edition(number).sections
        for _, target in LINK.findall(section.body)
        if target.startswith("/contact/?")
    }

    assert " ".join(sorted(topics)) == (
        "complex-case good-practice-forum local-risk newsletter prevent-advocate training"
    )


# What an editor has to look up, or to confirm, before launch.
UNKNOWN = {"ofs-serious-incidents", "introduction-safeguarding-leads", "he-training-materials"}
UNCONFIRMED = {"prevent-referral", "office-for-students"}


def test_a_link_that_is_known_is_https_and_none_counts_as_checked() -> None:
    links = rows(LINKS)

    assert {row["key"] for row in links if not row["address"]} == UNKNOWN
    assert {urlsplit(row["address"]).scheme for row in links if row["address"]} == {"https"}
    assert {row["checked_on"] for row in links} == {""}
    assert [row["key"] for row in links if not row["label"] or not row["owner"]] == []
    assert max(Counter(row["key"] for row in links).values()) == 1


def test_an_editor_is_told_what_to_confirm_about_a_link_before_launch() -> None:
    assert {row["key"] for row in rows(LINKS) if row["note"]} == UNKNOWN | UNCONFIRMED
