"""The staff groups and what they may do, signing in, and the administrator who must stay."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q
from django.utils.crypto import salted_hmac

from accounts.models import KnownNetwork, SignInTries, User, address_key
from accounts.slowing import FORGOTTEN_AFTER, Tries, seconds_to_wait

logger = logging.getLogger("accounts.sign_in")

# For so long a network is known to an account after it last signed in from there.
KNOWN_FOR: Final = timedelta(days=90)


@transaction.atomic
def load_groups(
    *,
    permissions: Mapping[str, Iterable[str]],
    withheld: Mapping[str, Iterable[str]] | None = None,
) -> int:
    """Make each group hold the permissions named for it (`app.codename`); return how many groups.

    What an administrator has added to a group by hand stays, except what is `withheld` from it.
    Raises LookupError for a permission that does not exist.
    """
    for name, labels in permissions.items():
        group, _ = Group.objects.get_or_create(name=name)
        group.permissions.add(*_named(labels))
    for name, labels in (withheld or {}).items():
        Group.objects.get(name=name).permissions.remove(*_named(labels))
    return len(permissions)


def _named(labels: Iterable[str]) -> list[Permission]:
    wanted, names = Q(pk__in=[]), set(labels)
    for label in names:
        app, _, codename = label.partition(".")
        wanted |= Q(content_type__app_label=app, codename=codename)
    found = list(Permission.objects.filter(wanted).select_related("content_type"))
    known = {f"{each.content_type.app_label}.{each.codename}" for each in found}
    if missing := names - known:
        raise LookupError(f"No such permission: {', '.join(sorted(missing))}")
    return found


def refuse_to_lose_administrators(*, users: Iterable[User]) -> None:
    """Raise ValidationError if nobody could administer the site without these people.

    Wants a transaction: it locks all administrators, so that two who take the right from each other
    at the same moment do not both succeed.
    """
    able = User.objects.administrators().select_for_update().order_by("pk")
    administrators = set(able.values_list("pk", flat=True))
    lost = administrators & {user.pk for user in users}
    if lost and lost == administrators:
        raise ValidationError(
            "Nobody else can administer this site: make somebody else an administrator first."
        )


def end_sessions(*, user: User) -> None:
    """Let no session of somebody go on, wherever it was begun, in the caller's transaction.

    It does not come back either if the account is active again some day.
    """
    User.objects.filter(pk=user.pk).update(times_ended=F("times_ended") + 1)
    user.refresh_from_db(fields=["times_ended"])


@transaction.atomic
def begin_sign_in(*, email: str, network: str, at: datetime) -> float:
    """Return how many seconds are left to wait; with 0 the password may be looked at now.

    Then this try counts as one with a wrong password until `complete_sign_in`: so that of many at
    the same moment no more are looked at than of many in a row.
    """
    account = address_key(email)
    here, everywhere, anyone = (
        _digest("both", f"{account} {network}"),
        _digest("account", account),
        _digest("network", network),
    )
    keys = (here, everywhere, anyone)
    SignInTries.objects.bulk_create(
        [SignInTries(key=key, last_at=at) for key in keys], ignore_conflicts=True
    )
    rows = {
        row.key: row
        for row in SignInTries.objects.select_for_update().filter(key__in=keys).order_by("key")
    }
    left = seconds_to_wait(
        here=_tries(rows[here]),
        account=_tries(rows[everywhere]),
        network=_tries(rows[anyone]),
        is_known=KnownNetwork.objects.filter(
            user__email=account, network=anyone, last_at__gt=at - KNOWN_FOR
        ).exists(),
        at=at,
    )
    if left:
        logger.warning("%s must wait %.0f s to sign in, from %s", _name(email), left, network)
        return left
    for row in rows.values():
        row.failures = row.failures + 1 if at - row.last_at < FORGOTTEN_AFTER else 1
        row.last_at = at
        row.save()
    return 0


def refuse_sign_in(*, email: str, network: str) -> None:
    """Log that somebody could not sign in: not what was typed, which may be a password."""
    logger.warning("%s could not sign in, from %s", _name(email), network)


@transaction.atomic
def complete_sign_in(*, user: User, email: str, network: str, at: datetime) -> None:
    """Record that somebody has signed in: the network is known from now on."""
    account, anyone = address_key(email), _digest("network", network)
    SignInTries.objects.filter(key=_digest("both", f"{account} {network}")).delete()
    shared = SignInTries.objects.filter(key__in=[_digest("account", account), anyone])
    shared.filter(failures__gt=0).update(failures=F("failures") - 1)
    KnownNetwork.objects.update_or_create(user=user, network=anyone, defaults={"last_at": at})
    logger.info("Account %s signed in, from %s", user.pk, network)


def forget_sign_ins(*, at: datetime) -> int:
    """Forget tries and networks that count no longer; return how many rows."""
    tries, _ = SignInTries.objects.filter(last_at__lte=at - FORGOTTEN_AFTER).delete()
    networks, _ = KnownNetwork.objects.filter(last_at__lte=at - KNOWN_FOR).delete()
    return tries + networks


def _tries(row: SignInTries) -> Tries:
    return Tries(row.failures, row.last_at)


def _digest(kind: str, text: str) -> str:
    digest = salted_hmac(
        f"accounts.sign_in.{kind}", text, secret=settings.DIGEST_KEY, algorithm="sha256"
    )
    return digest.hexdigest()


def _name(email: str) -> str:
    """Return an account as logs call it: by its number."""
    key = User.objects.filter(email=address_key(email)).values_list("pk", flat=True).first()
    return f"Account {key}" if key else "An unknown account"
