"""Where /get-help/ leads is in a file: it is told when no database answers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from guidance.actions.loading import load_links
from guidance.help_addresses import help_addresses, keep_help_addresses
from guidance.help_file import read_addresses, write_addresses
from guidance.models import Link
from guidance.models.links import SAFETY_KEYS
from guidance.shipped import shipped_links
from tests.filled_forms import opened
from tests.people import at_desk

NEW = "https://new.example/referral"
SHIPPED = {key.replace("-", "_"): shipped_links()[key].address for key in SAFETY_KEYS}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "var" / "help.json"


class TestFile:
    def test_what_is_written_is_read_and_nothing_else_is_left(self, file):
        for addresses in ({"a": NEW}, {"a": NEW, "b": "http://b.example/"}):
            assert write_addresses(file, addresses)
            assert read_addresses(file) == addresses
        assert list(file.parent.iterdir()) == [file]

    @pytest.mark.parametrize("text", ["", "{", "[]", "null", '"x"', "\x00", "{}"])
    def test_one_that_says_nothing_is_none(self, file, text):
        file.parent.mkdir()
        file.write_text(text)
        assert read_addresses(file) == {}

    def test_one_that_is_not_there_or_is_no_text_is_none(self, file):
        assert read_addresses(file) == {}
        assert read_addresses(file.parent) == {}
        file.parent.mkdir()
        file.write_bytes(b"\xff\xfe{}")
        assert read_addresses(file) == {}

    def test_only_addresses_are_taken_from_it(self, file):
        file.parent.mkdir()
        file.write_text(json.dumps({"a": NEW, "b": "javascript:x", "c": 1, "d": None, "e": ""}))
        assert read_addresses(file) == {"a": NEW}

    def test_where_it_cannot_be_written_the_one_before_stays_and_that_is_logged(self, file, caplog):
        file.parent.write_text("in the way")
        assert not write_addresses(file, {"a": NEW})
        assert "cannot be kept" in caplog.text


def test_without_a_file_the_shipped_addresses_stand():
    assert help_addresses() == SHIPPED


def test_what_editors_say_stands_where_they_say_it(settings):
    write_addresses(settings.HELP_FILE, {"prevent-referral": NEW, "unknown": NEW})
    assert help_addresses() == {**SHIPPED, "prevent_referral": NEW}


@pytest.mark.django_db
@pytest.mark.usefixtures("reference_data")
class TestKeeping:
    def test_the_file_says_what_the_database_says(self, settings):
        Link.objects.filter(key="prevent-referral").update(address=NEW)
        keep_help_addresses()
        assert read_addresses(settings.HELP_FILE)["prevent-referral"] == NEW
        assert help_addresses()["prevent_referral"] == NEW

    def test_what_editors_emptied_or_deleted_is_the_shipped_address(self, settings):
        Link.objects.filter(key="prevent-referral").update(address=NEW)
        keep_help_addresses()
        Link.objects.filter(key="prevent-referral").update(address="", checked_on=None)
        Link.objects.filter(key="report-extremism").delete()
        keep_help_addresses()
        assert help_addresses() == SHIPPED

    def test_what_is_right_already_is_not_written_again(self, settings):
        keep_help_addresses()
        before = settings.HELP_FILE.stat()
        keep_help_addresses()
        assert settings.HELP_FILE.stat() == before

    def test_a_folder_that_cannot_be_written_ends_it(self, settings, tmp_path):
        (tmp_path / "var").write_text("in the way")
        settings.HELP_FILE = tmp_path / "var" / "help.json"
        keep_help_addresses()
        assert help_addresses() == SHIPPED

    def test_loading_writes_it(self, settings, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            load_links()
        assert read_addresses(settings.HELP_FILE)

    def test_an_editor_who_saves_or_deletes_writes_it(
        self, settings, administrator, django_capture_on_commit_callbacks: Any
    ):
        settings.SAFETY_LINKS_NEED_TWO = False
        desk = at_desk(administrator)
        link = Link.objects.get(key="report-extremism")
        address = f"/admin/guidance/link/{link.pk}/change/"
        with django_capture_on_commit_callbacks(execute=True):
            desk.post(address, opened(desk, address).sent(address=NEW))
        assert help_addresses()["report_extremism"] == NEW
        with django_capture_on_commit_callbacks(execute=True):
            desk.post(f"/admin/guidance/link/{link.pk}/delete/", {"post": "yes"})
        assert not Link.objects.filter(pk=link.pk).exists()
        assert help_addresses()["report_extremism"] == SHIPPED["report_extremism"]
        assert Client().get("/get-help/").status_code == 200
