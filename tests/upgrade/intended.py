"""What a migration rewrites on purpose: these rows and columns alone may say something else."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module

from tests.upgrade.census import connected

# By table and key, the columns.
Intended = dict[str, dict[str, set[str]]]


def intended(url: str) -> Intended:
    """Return what is rewritten on purpose in the database at the address, once it is up to date.

    An edition whose restated words were put right, and its sections: only where a mark says so to
    readers. A note and an explanation that came with the site: only where they say the new words.
    """
    restated = import_module("guidance.migrations.0007_put_restated_words_right")
    with connected(url) as (cursor, names, _):
        if "guidance_redaction" not in names:
            return {}

        def saying(query: str, words: Iterable[object]) -> list[str]:
            """Return the keys of the rows that say one of these words in the query's column."""
            cursor.execute(query)
            known = set(words)
            return [str(key) for key, said in cursor.fetchall() if said in known]

        marked = saying("SELECT edition_id, cause FROM guidance_redaction", [restated.CAUSE])
        sections = saying("SELECT id, edition_id FROM guidance_section", map(int, marked))
        notes = saying(
            "SELECT id, note FROM guidance_earliernote", (now for _, now in restated.NOTES)
        )
        explanations = saying(
            "SELECT id, explanation FROM guidance_withdrawal",
            (now for _, now in restated.EXPLANATIONS),
        )
    return {
        "guidance_edition": {key: {"content"} for key in marked},
        "guidance_section": {key: {"markdown"} for key in sections},
        "guidance_earliernote": {key: {"note"} for key in notes},
        "guidance_withdrawal": {key: {"explanation"} for key in explanations},
    }
