from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from accounts.models import User
from rpec_site.groups import COORDINATORS, EDITORS
from tests.guidance.desk import desk_of


@pytest.fixture
def editor(reference_data: None) -> User:
    user = User.objects.create_user("editor@rpec.example", "a long password")
    user.groups.set(Group.objects.filter(name=EDITORS))
    return user


@pytest.fixture
def administrator() -> User:
    return User.objects.create_superuser("administrator@rpec.example", "a long password")


@pytest.fixture
def desk(editor: User) -> Client:
    """The admin as an editor sees it."""
    return desk_of(editor)


@pytest.fixture
def outsider(reference_data: None) -> Client:
    """The admin as a co-ordinator sees it, who edits no guidance."""
    user = User.objects.create_user("coordinator@rpec.example", "a long password")
    user.groups.set(Group.objects.filter(name=COORDINATORS))
    return desk_of(user)
