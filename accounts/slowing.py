"""How long somebody must wait before their next password is looked at (decision 29).

A stranger who guesses is slowed down; they never keep out the person whose account it is. So there
is no state in which an account is shut: the first tries from any network are looked at, whatever
was tried elsewhere, and each wait has a bound.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

# Wrong passwords for one account from one network before the first wait.
FREE: Final = 5
# The same while the account is guessed at from many networks.
FREE_IF_ATTACKED: Final = 1
ATTACKED: Final = 20
# Wrong passwords from one network, for whichever accounts: many colleagues may sit behind one.
FREE_OF_NETWORK: Final = 20
LONGEST: Final = 60
# Where the account has signed in from that network before.
LONGEST_IF_KNOWN: Final = 10
# After so long without a wrong password, counting begins anew.
FORGOTTEN_AFTER: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Tries:
    """How many wrong passwords there were, and when the last came."""

    failures: int
    last_at: datetime


def seconds_to_wait(
    *,
    here: Tries,
    network: Tries,
    account: Tries,
    is_known: bool,
    at: datetime,
) -> float:
    """Return how many seconds are left to wait at that time; 0 where the password may be tried.

    `here` counts the wrong passwords for the account from the network, `network` those from the
    network for any account, `account` those for the account from anywhere. `is_known`: the account
    has signed in from that network before, so what strangers do there or elsewhere counts less.
    """
    is_attacked = _recent(account, at) >= ATTACKED and not is_known
    free = FREE_IF_ATTACKED if is_attacked else FREE
    longest = LONGEST_IF_KNOWN if is_known else LONGEST
    wait = _left(here, free, longest, at)
    return wait if is_known else max(wait, _left(network, FREE_OF_NETWORK, LONGEST, at))


def _recent(tries: Tries, at: datetime) -> int:
    return tries.failures if at - tries.last_at < FORGOTTEN_AFTER else 0


def _left(tries: Tries, free: int, longest: int, at: datetime) -> float:
    """Return what is left of the wait: it doubles from a second with each try beyond the free."""
    beyond = _recent(tries, at) - free
    if beyond < 0:
        return 0
    pause = float(min(2 ** min(beyond, 16), longest))
    # A clock that was put back makes nobody wait longer than the bound.
    passed = max((at - tries.last_at).total_seconds(), 0)
    return max(pause - passed, 0)
