"""The site's own WSGI application, which kills its process where a test's header says so."""

from __future__ import annotations

import gc
import os
import signal
import threading
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from rpec_site import room
from rpec_site.wsgi import application as site
from tests.faults.points import DISK_FULL
from tests.faults.warm import warm_up

HEADER = "HTTP_X_FAULT"
# Static files by their plain names: hashed ones need a build.
PLAIN = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
settings.STORAGES = {**settings.STORAGES, "staticfiles": PLAIN}
_now = threading.local()
_commit = BaseDatabaseWrapper.commit


def _reach(point: str) -> None:
    if getattr(_now, "fault", "") == point:
        os.kill(os.getpid(), signal.SIGKILL)


def _commit_or_not(wrapper: BaseDatabaseWrapper) -> None:
    _reach("before commit")
    _commit(wrapper)
    _reach("after commit")


def _fill_disk(sender: Any, connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    """Let the database's file grow no further (SQLite), for this request's connection."""
    if getattr(_now, "fault", "") == DISK_FULL:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA page_count")
            (pages,) = cursor.fetchone()
            cursor.execute(f"PRAGMA max_page_count={pages:d}")


pytest.MonkeyPatch().setattr(BaseDatabaseWrapper, "commit", _commit_or_not)
# Each question about health tries the disk: no scene waits until the last try is too old.
pytest.MonkeyPatch().setattr(room, "BELIEVED_SECONDS", 0.0)
connection_created.connect(_fill_disk)


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    _now.fault = environ.get(HEADER, "")
    _reach("at entry")
    try:
        answer = site(environ, start_response)
        _reach("before reply")
        return answer
    finally:
        _now.fault = ""


warm_up(site)
gc.freeze()
