"""The staff groups and what they may do, and the administrator who must stay."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from accounts.models import User


@transaction.atomic
def load_groups(*, permissions: Mapping[str, Iterable[str]]) -> int:
    """Make each group hold the permissions named for it (`app.codename`); return how many groups.

    What an administrator has added to a group by hand stays. Raises LookupError for a permission
    that does not exist.
    """
    for name, names in permissions.items():
        group, _ = Group.objects.get_or_create(name=name)
        wanted = Q(pk__in=[])
        labels = list(names)
        for label in labels:
            app, _, codename = label.partition(".")
            wanted |= Q(content_type__app_label=app, codename=codename)
        granted = list(Permission.objects.filter(wanted))
        if len(granted) != len(labels):
            known = {f"{p.content_type.app_label}.{p.codename}" for p in granted}
            raise LookupError(f"No such permission: {', '.join(sorted(set(labels) - known))}")
        group.permissions.add(*granted)
    return len(permissions)


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
