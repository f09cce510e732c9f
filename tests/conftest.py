"""What all tests share: a strict client, the data that every site has, and the people.

The test database holds the reference data (`load_reference`) from the start, and what a test
changes is rolled back at its end. A test about loading asks for `empty_database`; a module about
the published page asks for `published`, which is loaded once for all of its tests.
"""

from __future__ import annotations

import gc
import io
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from itertools import count
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.apps import apps
from django.conf import settings as django_settings
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, transaction
from django.test import Client, override_settings

from accounts.models import User
from tests.people import at_desk, make_administrator, make_editor, make_national_team

# How long an example takes is measured in bench/, never by a test.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")

READ_ONLY_METHODS = {"GET", "HEAD", "OPTIONS"}
_numbers = count()

# Opens the database to a fixture that is not of one test.
Unblock = Callable[[], AbstractContextManager[None]]


# Where tests without a database are of plain functions, which know no engine.
PLAIN = ("accounts", "contact", "govuk", "guidance", "outbox", "regions", "training")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--only-with-database",
        action="store_true",
        help="Leave out tests of plain functions: another run, on another engine, has them.",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--only-with-database"):
        plain = [item for item in items if _is_plain(item)]
        config.hook.pytest_deselected(items=plain)
        items[:] = [item for item in items if item not in set(plain)]


def pytest_collection_finish() -> None:
    """Look at what was imported no more when memory is freed: an eighth of the time went there."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def _is_plain(item: pytest.Item) -> bool:
    folder = item.path.relative_to(Path(__file__).parent).parts[0]
    fixtures = {*getattr(item, "fixturenames", ())}
    return (
        folder in PLAIN
        and item.get_closest_marker("django_db") is None
        and fixtures.isdisjoint({"db", "transactional_db", "module_db", "site"})
    )


class WroteOnReadError(AssertionError):
    """A public GET changed the database or set a cookie."""


class ReadOnlyClient(Client):
    """A test client whose public GETs may only SELECT, and may set no cookie."""

    def request(self, **request: Any) -> Any:
        public = not request["PATH_INFO"].startswith(f"/{django_settings.ADMIN_PATH}")
        if request["REQUEST_METHOD"] not in READ_ONLY_METHODS or not public:
            return super().request(**request)
        with connection.execute_wrapper(_only_select):
            response = super().request(**request)
        if response.cookies:
            raise WroteOnReadError(f"{request['PATH_INFO']} sets {', '.join(response.cookies)}")
        return response


def _only_select(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    if not sql.lstrip(" (\n\r\t").upper().startswith("SELECT"):
        raise WroteOnReadError(f"A public GET runs: {sql[:200]}")
    return execute(sql, params, many, context)


@pytest.fixture
def client() -> Client:
    return ReadOnlyClient()


@pytest.fixture(scope="session", autouse=True)
def _settings_of_all_tests() -> Iterator[None]:
    """Need no build, and hash passwords in no time.

    Static files are addressed by their plain names: hashed ones need a build. No test is about
    how long it takes to guess a password.
    """
    static = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(
        STORAGES={**django_settings.STORAGES, "staticfiles": static},
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    ):
        yield


@pytest.fixture(autouse=True)
def _folders_of_its_own(settings: Any, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep what tests look for in vain, and what they send, out of this machine's own site.

    The journal and the addresses of /get-help/ are each test's own, and made only when something is
    written into them.
    """
    base = tmp_path_factory.getbasetemp()
    number = str(next(_numbers))
    settings.UNFOUND_DIR = base / "unfound"
    settings.JOURNAL_DIR = base / "journals" / number
    settings.HELP_FILE = base / "help" / number


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Load what every site has, once: regions, areas, places, posts, tracks, links and groups."""
    with django_db_blocker.unblock():
        call_command("load_reference", stdout=io.StringIO())


@pytest.fixture
def reference_data(db: None) -> None:
    """Say that a test needs the reference data, which the database holds anyway."""


@pytest.fixture
def empty_database(db: None) -> None:
    """Empty every table of ours, the staff groups too: nothing has been loaded yet."""
    ours = [model._meta.db_table for model in apps.get_models() if _is_ours(model)]
    with connection.cursor() as cursor:
        for sql in connection.ops.sql_flush(no_style(), [*ours, "auth_group"], allow_cascade=True):
            cursor.execute(sql)


def _is_ours(model: type) -> bool:
    return not model.__module__.startswith("django.")


@pytest.fixture(scope="module")
def module_db(django_db_setup: None, django_db_blocker: Any) -> Iterator[Unblock]:
    """A transaction around all tests of a module, for rows that they share.

    Used as `with module_db():` in another fixture of the module's scope. Tests of the module that
    begin after that find the rows, whether they ask for them or not.
    """
    around = transaction.atomic()
    with django_db_blocker.unblock():
        around.__enter__()
    yield django_db_blocker.unblock
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        around.__exit__(None, None, None)


@pytest.fixture(scope="module")
def published(module_db: Unblock) -> None:
    """Load the page with its four editions and the known sessions, for all tests of a module."""
    with module_db():
        call_command("load_published", stdout=io.StringIO())


@pytest.fixture
def editor(db: None) -> User:
    return make_editor()


@pytest.fixture
def administrator(db: None) -> User:
    return make_administrator()


@pytest.fixture
def national_team(db: None) -> User:
    return make_national_team()


@pytest.fixture
def desk(editor: User) -> Client:
    """The admin as the editor sees it."""
    return at_desk(editor)
