"""Who waits how long for a database that says nothing."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest
from django.db import OperationalError, connection
from django.test.utils import override_settings

from rpec_site.patience import Silence, seconds_left, within, without_limit
from rpec_site.postgresql.base import DatabaseWrapper, silence


def test_nobody_waits_longer_than_a_statement_may_take():
    assert seconds_left(30) == 30


def test_who_serves_a_reader_waits_no_longer_than_is_left_of_their_time():
    with within(8):
        left = seconds_left(30)
        assert left is not None
        assert 0 < left <= 8
    assert seconds_left(30) == 30


def test_of_two_limits_the_sooner_counts_whichever_came_first():
    for outer, inner in ((3, 8), (8, 3)):
        with within(outer), within(inner):
            left = seconds_left(30)
            assert left is not None
            assert left <= 3


def test_when_the_time_is_over_nothing_more_is_waited_for():
    with within(-1):
        assert seconds_left(30) == 0


def test_a_migration_takes_as_long_as_it_takes():
    with without_limit():
        assert seconds_left(30) is None


def test_of_a_silent_server_one_asks_again_and_the_others_do_not_wait_for_it():
    known = Silence()
    assert known.may_ask()
    known.met()
    assert (known.lasts, known.may_ask()) == (True, False)
    known._ask_again_at -= Silence.RETRY_SECONDS
    assert [known.may_ask(), known.may_ask()] == [True, False]
    known.broken()
    assert [known.may_ask(), known.may_ask()] == [True, True]


@pytest.fixture
def deaf() -> Iterator[socket.socket]:
    """A server that takes connections and never says a word, as one that is stopped does."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server
        silence.broken()


def connections_to(server: socket.socket) -> int:
    count = 0
    while True:
        try:
            server.accept()[0].close()
        except BlockingIOError:
            return count
        count += 1


@pytest.mark.django_db
def test_a_server_that_says_nothing_is_given_up_and_not_asked_by_all(deaf):
    parts = {"HOST": "127.0.0.1", "PORT": deaf.getsockname()[1], "NAME": "x", "USER": "x"}
    wrapper = DatabaseWrapper({**connection.settings_dict, **parts, "OPTIONS": {}})
    with override_settings(DATABASE_CONNECT_SECONDS=2):
        for _ in range(3):
            with pytest.raises(OperationalError):
                wrapper.ensure_connection()
    assert connections_to(deaf) == 1
    assert silence.lasts
