"""How old the national files are, as editors and the national team see it."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from regions.models import NationalDownload, NationalFile
from tests.people import at_desk, make_coordinator, make_editor, make_national_team

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]

FILES, DOWNLOADS = "/admin/regions/nationalfile/", "/admin/regions/nationaldownload/"


def store(kind: str = "postcodes", release: date | None = None, **values: object) -> NationalFile:
    defaults = {
        "source": "package",
        "name": "the directory 2026.1.1",
        "rows": 2_720_556,
        "stored_at": timezone.now(),
    }
    return NationalFile.objects.create(kind=kind, release=release, **{**defaults, **values})


def waiting(client: Client) -> list[str]:
    """Return the lines of the front page about national files, in words."""
    page = client.get("/admin/").content.decode()
    lines = re.findall(r'<a href="/admin/regions/national[a-z]+/">(.*?)</a>', page)
    return [html.unescape(re.sub(r"<[^>]*>", "#", line)) for line in lines if line[0].isupper()]


@pytest.mark.parametrize("make", [make_editor, make_national_team])
def test_what_is_over_a_year_old_is_said_on_the_front_page(make: Callable[[], User]):
    store(release=date(2025, 11, 1))
    client = at_desk(make())
    sentence = "The postcodes are from November 2025: over a year old"
    assert [line for line in waiting(client) if "are from" in line] == [sentence]
    page = client.get(FILES).content.decode()
    assert "November 2025" in page
    assert "came with the site" in page
    assert "No schools and colleges are loaded. Whoever runs the site can bring in" in page


def test_coordinators_have_no_part_in_it():
    store(release=date(2025, 11, 1))
    client = at_desk(make_coordinator())
    assert "over a year old" not in client.get("/admin/").content.decode()
    assert client.get(FILES).status_code == client.get(DOWNLOADS).status_code == 403


def test_a_year_and_a_day_is_old_and_a_year_is_not():
    today = timezone.localdate()
    file = store("establishments", release=today - timedelta(days=366))
    assert list(NationalFile.objects.old(on=today)) == [file]
    assert not NationalFile.objects.old(on=today - timedelta(days=1)).exists()


def test_the_register_is_dated_to_the_day():
    file = store("establishments", release=date(2025, 3, 4))
    assert file.age_in_words == "The schools and colleges are from 4 March 2025: over a year old"


def test_what_nobody_can_date_is_as_old_as_its_import():
    file = store(stored_at=datetime(2025, 3, 4, 12, tzinfo=UTC))
    assert list(NationalFile.objects.old(on=date(2026, 11, 30))) == [file]
    assert file.age_in_words == "The postcodes were stored on 4 March 2025: over a year old"
    NationalFile.objects.update(stored_at=datetime(2026, 11, 29, tzinfo=UTC))
    assert not NationalFile.objects.old(on=date(2026, 11, 30)).exists()


def test_a_download_that_failed_is_said_until_one_goes_well():
    NationalDownload.objects.create(
        kind="establishments",
        begun_at=datetime(2026, 11, 30, 5, 12, tzinfo=UTC),
        failure="There is nothing at https://example.org/a.csv (the answer is 404).",
    )
    client = at_desk(make_editor())
    sentence = (
        "The schools and colleges were not fetched on 30 November 2026: "
        "There is nothing at https://example.org/a.csv (the answer is 404)."
    )
    assert [line for line in waiting(client) if "not fetched" in line] == [sentence]
    assert "the answer is 404" in client.get(DOWNLOADS).content.decode()
    NationalDownload.objects.update(failure="")
    assert [line for line in waiting(client) if "not fetched" in line] == []
    assert "It went well." in client.get(DOWNLOADS).content.decode()


def test_nobody_changes_them_by_hand():
    file = store(release=date(2025, 11, 1))
    client = at_desk(make_editor())
    assert client.get(f"{FILES}{file.pk}/change/").status_code == 200
    for address in (f"{FILES}add/", f"{FILES}{file.pk}/change/", f"{FILES}{file.pk}/delete/"):
        assert client.post(address, {"name": "mine", "post": "yes"}).status_code == 403
    assert NationalFile.objects.get().name == "the directory 2026.1.1"
