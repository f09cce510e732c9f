"""What makes the tests loud: no writes or cookies in public GETs, no missing variables."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from django.db import connection
from django.test import Client

READ_ONLY_METHODS = {"GET", "HEAD", "OPTIONS"}


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


@pytest.fixture(autouse=True)
def _plain_static_files(settings: Any) -> None:
    """Address static files by their plain names: hashed ones need a build."""
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture(autouse=True)
def _spool_of_its_own(settings: Any, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep what tests look for in vain, and what they send, out of this machine's own site."""
    settings.UNFOUND_DIR = tmp_path_factory.getbasetemp() / "unfound"
    settings.JOURNAL_DIR = tmp_path_factory.mktemp("journal")


@pytest.fixture(autouse=True)
def _quick_passwords(settings: Any) -> None:
    """Hash passwords in no time: no test is about how long guessing them takes."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def reference_data(db: None) -> None:
    """The regions, areas, places, posts, links and groups that every site has."""
    call_command("load_reference", verbosity=0, stdout=_Silence())


class _Silence:
    def write(self, text: str) -> None:
        """Take a command's closing line and say nothing."""

    def flush(self) -> None:
        """Nothing is held back."""
