"""The database backend, as Django finds it by the name of its package (`ENGINE`)."""

from __future__ import annotations

import math
import time
from types import SimpleNamespace
from typing import Any

import psycopg
from django.conf import settings
from django.db.backends.postgresql.base import DatabaseWrapper as DjangosWrapper

from rpec_site.patience import Silence, seconds_left, within

# The server is to end a statement that takes too long, and say so; only if it says nothing do we.
GRACE_SECONDS = 2.0
silence = Silence()


class PatientConnection(psycopg.Connection[Any]):
    """A connection that is given up where the server does not answer in time.

    It is closed then: nobody knows what became of the statement. A commit may have happened;
    whoever sends an enquiry again is told of the one that was stored (its `submission`).
    """

    is_given_up = False

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        """Wait for the server. Raises OperationalError where it says nothing in time."""
        began = time.monotonic()
        if timeout is None:
            timeout = seconds_left(settings.DATABASE_STATEMENT_SECONDS + GRACE_SECONDS)
        try:
            return super().wait(gen, interval, timeout)
        except psycopg.errors._WaitTimeout as error:
            self.is_given_up = True
            self.close()
            raise psycopg.OperationalError(
                f"The database said nothing for {time.monotonic() - began:.1f} seconds."
            ) from error


class DatabaseWrapper(DjangosWrapper):
    """Django's own, with connections that give up."""

    # Errors and types are psycopg's; only what it connects with is ours.
    Database: Any = SimpleNamespace(**{**vars(psycopg), "connect": PatientConnection.connect})

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Connect. Raises OperationalError, at once if the server was silent a moment ago."""
        left = seconds_left(settings.DATABASE_CONNECT_SECONDS)
        if left == 0 or not silence.may_ask():
            raise psycopg.OperationalError("The database did not answer a moment ago.")
        if left is not None:
            conn_params = {**conn_params, "connect_timeout": math.ceil(left)}
        try:
            connection = super().get_new_connection(conn_params)
        except psycopg.errors.ConnectionTimeout:
            silence.met()
            raise
        silence.broken()
        return connection

    def is_usable(self) -> bool:
        """Whether the server still answers on this connection, within the time to connect."""
        if silence.lasts or _is_given_up(self.connection):
            return False
        with within(settings.DATABASE_CONNECT_SECONDS):
            is_usable = super().is_usable()
        # A statement that took too long says nothing of the server; no answer to this one does.
        if not is_usable and _is_given_up(self.connection):
            silence.met()
        return is_usable


def _is_given_up(connection: object) -> bool:
    return isinstance(connection, PatientConnection) and connection.is_given_up
