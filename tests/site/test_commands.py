"""The commands that load and prepare, and the worker's single round."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db.migrations.recorder import MigrationRecorder

from accounts.models import User
from contact.models import Enquiry
from guidance.models import Edition
from outbox.models import Message
from regions.models import Area, Place, Post, Region
from rpec_site.checks import mail_leaves_the_machine
from tests.environment import MAIL_FOLDER
from training.models import Session

pytestmark = pytest.mark.django_db


def run(*command: str) -> str:
    output = io.StringIO()
    call_command(*command, stdout=output)
    return output.getvalue()


def counted() -> list[int]:
    tables = (Region, Area, Place, Post, Edition, Session, User)
    return [table.objects.count() for table in tables]


def test_each_region_begins_with_one_vacant_post(reference_data):
    assert set(Post.objects.values_list("remit", "is_vacant", "mailbox")) == {("all", True, "")}
    assert Post.objects.values("region").distinct().count() == 8 == Post.objects.count()


def test_loading_twice_changes_nothing(settings):
    settings.EXAMPLES = True
    settings.EXAMPLE_PASSWORD = "example-password-1"
    commands = ("load_reference", "load_published", "load_examples")
    for command in commands:
        assert run(command).endswith(".\n")
    before = counted()
    for command in commands:
        run(command)
    assert counted() == before
    assert before[:2] == [8, 40]


def test_what_an_editor_changed_stays_when_reference_data_is_loaded_again(reference_data):
    Post.objects.filter(region__slug="london").update(mailbox="london@rpec.example")
    Region.objects.filter(slug="london").update(newsletter_text="Write to us.")
    run("load_reference")
    assert Post.objects.get(region__slug="london").mailbox == "london@rpec.example"
    assert Region.objects.get(slug="london").newsletter_text == "Write to us."


def test_the_history_of_a_region_grows_only_where_loading_changed_it(reference_data):
    Region.objects.filter(slug="london").update(name="Londinium")
    before = Region.history.count()
    run("load_reference")
    assert Region.objects.get(slug="london").name == "London"
    assert Region.history.count() == before + 1
    run("load_reference")
    assert Region.history.count() == before + 1


def test_examples_are_not_loaded_on_the_real_site(reference_data):
    before = counted()
    with pytest.raises(CommandError, match="only with EXAMPLES=on; nothing was changed"):
        run("load_examples")
    assert counted() == before


def test_each_example_post_has_the_mailbox_of_its_region(reference_data, settings):
    settings.EXAMPLES = True
    run("load_examples")
    for post in Post.objects.select_related("region", "holder__user"):
        assert post.mailbox == f"{post.region.slug}@example.org"
        assert post.holder is not None
        assert post.holder.user is not None
        assert post.holder.user.email == f"coordinator-{post.region.slug}@example.org"


def test_the_worker_does_what_is_due_and_says_so(client, reference_data):
    values = {
        "place": "Wigan",
        "setting": "school",
        "topic": "training",
        "message": "When?",
        "full_name": "Sam",
        "email": "sam@school.example",
        "organisation": "School",
        "confirm": "yes",
    }
    assert client.post("/contact/", values).status_code == 302
    assert run("work", "--once") == "Mail: 2 accepted. History: 0 editions added.\n"
    assert run("work", "--once") == "Mail: nothing was due. History: 0 editions added.\n"
    reference = Enquiry.objects.get().reference
    mails = [file.read_text() for file in Path(MAIL_FOLDER).glob("*.eml")]
    assert len([mail for mail in mails if reference in mail]) == 2
    assert set(Message.objects.values_list("state", flat=True)) == {"accepted"}


def test_a_site_whose_mail_lies_in_files_is_warned_of(settings):
    assert [warning.id for warning in mail_leaves_the_machine(None)] == ["rpec_site.W001"]
    settings.EXAMPLES = True
    assert mail_leaves_the_machine(None) == []


@pytest.fixture
def prepared(settings, tmp_path, monkeypatch) -> Path:
    """The folder of an installation: what it keeps is in var/, beside its static files."""
    monkeypatch.setattr(os, "umask", lambda mask: 0)  # It would be that of all tests after.
    settings.VAR_DIR = tmp_path / "var"
    settings.STATIC_ROOT = tmp_path / "collected"
    settings.STATICFILES_DIRS = []
    return tmp_path


def test_an_earlier_version_takes_nothing_of_a_later_one_back(prepared, reference_data):
    MigrationRecorder.Migration.objects.create(app="contact", name="9999_later")
    Region.objects.filter(slug="london").update(name="What a later version says")
    assert run("prepare") == (
        "The database belongs to a later version (contact.9999_later): nothing was changed.\n"
    )
    assert Region.objects.get(slug="london").name == "What a later version says"


def test_no_other_account_enters_the_folder_of_what_the_site_keeps(prepared, reference_data):
    MigrationRecorder.Migration.objects.create(app="contact", name="9999_later")
    folder = prepared / "var"
    for before, after in ((0o755, 0o750), (0o770, 0o770), (0o700, 0o700)):
        folder.mkdir(exist_ok=True)
        folder.chmod(before)
        run("prepare")
        assert folder.stat().st_mode & 0o777 == after
