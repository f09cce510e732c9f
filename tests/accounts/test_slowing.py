"""How long somebody waits after wrong passwords: bounds, and whom a stranger never keeps out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from accounts.slowing import (
    ATTACKED,
    FORGOTTEN_AFTER,
    FREE,
    FREE_OF_NETWORK,
    LONGEST,
    LONGEST_IF_KNOWN,
    Tries,
    seconds_to_wait,
)

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)


def wait(
    *,
    here: int = 0,
    network: int = 0,
    account: int = 0,
    is_known: bool = False,
    ago: timedelta = timedelta(),
) -> float:
    """The wait after so many wrong passwords, the last of which came `ago` before."""
    last = NOW - ago
    return seconds_to_wait(
        here=Tries(here, last),
        network=Tries(network, last),
        account=Tries(account, last),
        is_known=is_known,
        at=NOW,
    )


def test_a_few_wrong_passwords_cost_no_time() -> None:
    assert [wait(here=count, network=count, account=count) for count in range(FREE)] == [0] * FREE


def test_each_further_one_doubles_the_wait_up_to_its_bound() -> None:
    waits = [wait(here=count) for count in range(FREE, FREE + 7)]
    assert waits == [1, 2, 4, 8, 16, 32, LONGEST]
    assert wait(here=1_000_000) == LONGEST


def test_the_wait_passes() -> None:
    assert wait(here=FREE + 3, ago=timedelta(seconds=3)) == 5
    assert wait(here=FREE + 3, ago=timedelta(seconds=8)) == 0
    assert wait(here=1000, ago=FORGOTTEN_AFTER) == 0


def test_a_clock_that_was_put_back_lengthens_no_wait() -> None:
    assert wait(here=1000, ago=timedelta(days=-1)) == LONGEST


def test_a_network_that_tries_many_accounts_waits() -> None:
    assert wait(network=FREE_OF_NETWORK - 1) == 0
    assert wait(network=FREE_OF_NETWORK + 2) == 4
    assert wait(network=1_000_000) == LONGEST


@pytest.mark.parametrize("elsewhere", [ATTACKED, 1_000_000])
def test_nobody_is_kept_out_by_guesses_from_elsewhere(elsewhere: int) -> None:
    assert wait(account=elsewhere) == 0
    assert wait(account=elsewhere, is_known=True, here=FREE - 1) == 0


def test_an_account_that_is_guessed_at_from_everywhere_gives_strangers_one_try() -> None:
    assert wait(account=ATTACKED - 1, here=1) == 0
    assert wait(account=ATTACKED, here=1) == 1


def test_strangers_in_a_known_network_hold_up_a_colleague_for_seconds_at_most() -> None:
    assert wait(network=1_000_000, account=1_000_000, is_known=True) == 0
    assert wait(here=1_000_000, is_known=True) == LONGEST_IF_KNOWN


def test_no_wait_is_shorter_for_more_wrong_passwords() -> None:
    waits = [wait(here=count, network=count, account=count) for count in range(100)]
    assert all(former <= latter for former, latter in pairwise(waits))
