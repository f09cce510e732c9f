"""The people of the tests, and their desks: each is made by one function, with plain rows.

`conftest.py` has the usual ones as fixtures: `editor`, `administrator`, `national_team` and
`desk`, the admin as the editor sees it. Whoever needs another person, or a second one, calls the
functions. The groups come with the reference data.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group, Permission
from django.test import Client

from accounts.models import User
from regions.models import Coordinator, Post
from rpec_site.groups import COORDINATORS, EDITORS, NATIONAL_TEAM

PASSWORD = "a long enough password"


def make_user(name: str, *groups: str, **fields: Any) -> User:
    """Return a new account, `name` at rpec.example, in the groups."""
    user = User.objects.create_user(f"{name}@rpec.example", PASSWORD, **fields)
    user.groups.set(Group.objects.filter(name__in=groups))
    return user


def make_editor(name: str = "editor") -> User:
    """Return somebody who edits guidance, training and regions."""
    return make_user(name, EDITORS)


def make_administrator(name: str = "administrator") -> User:
    """Return somebody who may do everything."""
    return make_user(name, is_superuser=True)


def make_national_team(name: str = "national-team") -> User:
    """Return somebody of the national team, who sees the enquiries of every region."""
    return make_user(name, NATIONAL_TEAM)


def make_coordinator(region: str = "north-west") -> User:
    """Return the co-ordinator of a region, given by its slug, who holds its post from now on."""
    user = make_user(f"coordinator-{region}", COORDINATORS)
    post = Post.objects.get(region__slug=region)
    post.holder = Coordinator.objects.create(name=region, email=user.email, user=user)
    post.is_vacant = False
    post.full_clean()
    post.save()
    return user


def make_coordinator_without_post(name: str = "idle-coordinator") -> User:
    """Return a co-ordinator who holds no post."""
    return make_user(name, COORDINATORS)


def make_reader(*permissions: str, name: str = "reader") -> User:
    """Return somebody with the permissions alone, such as `view_session`: to look, not to change.

    Raises LookupError where there is no such permission.
    """
    user = make_user(name)
    found = Permission.objects.filter(codename__in=permissions)
    if missing := {*permissions} - {permission.codename for permission in found}:
        raise LookupError(f"There is no permission {', '.join(sorted(missing))}.")
    user.user_permissions.set(found)
    return user


def at_desk(user: User) -> Client:
    """Return a browser in which somebody has signed in to the admin."""
    client = Client()
    client.force_login(user)
    return client
