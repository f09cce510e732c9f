"""Restated editions say what the Department's page said, and nothing that it did not.

Four things stood in them that the page had not said, and some that it had said otherwise. Only
those words are replaced, wherever they still stand as the site shipped them: in every restated
edition of the two pages (the worker makes further ones of the shipped). Each edition that changes
gets a mark that readers see. What editors wrote, and what was redacted, stays as it is.
"""

import re

from django.db import migrations
from django.utils import timezone

NOW = "regional-prevent-education-coordinators"
EARLIER = "regional-prevent-coordinators"
CAUSE = "Restated words put right."
REASON = (
    "They told more than the Department for Education’s page did, or told it otherwise. "
    "They now tell what it said."
)
TRIGGER = ("planning a criminal offence", "planning to carry out a criminal offence")
# By anchor: what stood there, as a pattern that fits both Markdown and HTML, and what it is now.
RIGHT = {
    NOW: {
        "about-a-person": [TRIGGER],
        "about-a-provider": [
            (
                r"education provider\. This covers:(?:</p>)?\s*(?:<ul>\s*<li>|- )"
                r"allegations against staff(?:</li>\s*<li>|\s*- )"
                r"harmful outside influence on the provider(?P<end></li>\s*</ul>)?",
                "education provider, including allegations against staff or harmful outside "
                "influence on the provider.",
            ),
            (r"Read the OfS(?:'|’|&#39;|&#x27;)s (?=<a|\[)", "The OfS has published "),
        ],
        "how-they-can-help": [
            (
                r" The Prevent duty is the legal duty to help prevent people from becoming "
                r"terrorists or supporting terrorism\.",
                "",
            )
        ],
        "virtual-training": [
            (
                r"but are made mainly for people whose role is dedicated to safeguarding or to "
                r"Prevent\.",
                "but are designed primarily for people with a dedicated safeguarding or Prevent "
                "role.",
            )
        ],
        "training-for-governors": [
            (r"designed by DfE for schools, not for colleges\.", "designed by DfE.")
        ],
        "contact-us": [
            (
                r"\s*(?:<p>)?(?:Co-ordinators|Coordinators) cannot help every setting with "
                r"Prevent from day to day\.(?:</p>)?",
                "",
            )
        ],
    },
    EARLIER: {
        "about-a-person": [TRIGGER],
        "about-a-provider": [
            (
                r"in an education provider, allegations against its staff among it, or harmful",
                "in an education provider, including allegations against its staff or harmful",
            )
        ],
    },
}
LIST_NOT_HELD = (
    "The page of the Department for Education lists more help to carry out your Prevent "
    "responsibilities. This site does not hold that list. {link} named:"
)
LIST_ADDRESS = "/guidance/regional-prevent-coordinators/#further-support"
LIST_BEFORE = "You can get more help to carry out your Prevent responsibilities from:"
NOTES = [
    (
        "Biographies of the co-ordinators for the North East and Yorkshire, the East Midlands and "
        "the South West, and of London's for FE and HE, updated.",
        "Biographies of the co-ordinators updated: North East and Yorkshire, East Midlands, South "
        "West and London FE and HE.",
    )
]
EXPLANATIONS = [
    (
        "It has been replaced: the regional co-ordinators, what they do and how to reach them are "
        "now described on another page.",
        "It is kept as it stood in September 2023. The regional co-ordinators, what they do and "
        "how to reach them are described on a newer page.",
    )
]


def put_right(text, anchor, slug, *, is_html):
    """Return a section's HTML or Markdown with its words put right, and in how many places."""
    places = 0
    for pattern, words in RIGHT[slug].get(anchor, ()):
        # In HTML the list that ended a paragraph is a part of it now.
        end = "</p>" if is_html and "(?P<end>" in pattern else ""
        text, count = re.subn(pattern, (words + end).replace("\\", r"\\"), text)
        places += count
    if slug == NOW and anchor == "further-support":
        link = (
            f'<a href="{LIST_ADDRESS}">The page before it</a>'
            if is_html
            else f"[The page before it]({LIST_ADDRESS})"
        )
        places += text.count(LIST_BEFORE)
        text = text.replace(LIST_BEFORE, LIST_NOT_HELD.format(link=link))
    return text, places


def restate(apps, schema_editor):
    """Put the restated editions' words right, each under a mark."""
    editions = apps.get_model("guidance", "Edition").objects.filter(
        is_restated=True, is_text_held=True, published_at__isnull=False
    )
    for slug in RIGHT:
        for edition in editions.filter(page__slug=slug).order_by("number"):
            restate_edition(apps, edition, slug)
    for model, column, changes in (
        ("EarlierNote", "note", NOTES),
        ("Withdrawal", "explanation", EXPLANATIONS),
    ):
        for before, now in changes:
            rows = apps.get_model("guidance", model).objects.filter(**{column: before})
            rows.update(**{column: now})


def restate_edition(apps, edition, slug):
    """Put one edition's words right: what it froze, and the Markdown that a draft begins with."""
    content, total = edition.content, 0
    for section in content["sections"]:
        section["html"], places = put_right(section["html"], section["anchor"], slug, is_html=True)
        total += places
    if not total:
        return
    mark = apps.get_model("guidance", "Redaction").objects.create(
        edition=edition,
        reason=REASON,
        places=total,
        is_open=True,
        redacted_at=timezone.now(),
        cause=CAUSE,
    )
    edition.content = content
    edition.save(update_fields=["content"])
    mark.is_open = False
    mark.save(update_fields=["is_open"])
    for section in apps.get_model("guidance", "Section").objects.filter(edition=edition):
        section.markdown, places = put_right(
            section.markdown, section.anchor, slug, is_html=False
        )
        if places:
            section.save(update_fields=["markdown"])


class Migration(migrations.Migration):
    dependencies = [("guidance", "0006_restated_editions_are_put_right")]

    operations = [migrations.RunPython(restate, migrations.RunPython.noop, elidable=True)]
