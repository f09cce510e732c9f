"""What the course is called, on the pages of an installation that had the tracks before."""

from __future__ import annotations

import csv
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps

from tests.training.factories import make_track
from training.models import Track

migration = import_module("training.migrations.0003_name_of_the_course")
TRACKS = Path(__file__).resolve().parents[2] / "training" / "data" / "tracks.csv"

pytestmark = pytest.mark.django_db


def shipped() -> dict[str, str]:
    with TRACKS.open(encoding="utf-8", newline="") as lines:
        return {row["slug"]: row["summary"] for row in csv.DictReader(lines)}


def after_the_migration(slug: str, summary: str) -> str:
    """Return what becomes of the summary that a track had."""
    tracks = Track.objects.filter(pk=make_track(slug).pk)
    tracks.update(summary=summary)
    migration.name_the_course(apps, None)
    return tracks.get().summary


@pytest.mark.parametrize("slug", ["dsl", "governors"])
def test_a_summary_as_it_was_shipped_becomes_the_one_that_is_shipped_now(slug: str) -> None:
    summary = after_the_migration(slug, migration.SHIPPED[slug])
    assert summary == shipped()[slug]
    assert "Prevent in education" in summary


def test_a_summary_that_an_editor_wrote_stays() -> None:
    assert after_the_migration("dsl", "What a lead must know.") == "What a lead must know."
