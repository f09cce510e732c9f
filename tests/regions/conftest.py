"""An editor at the admin."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from accounts.models import User
from rpec_site.groups import EDITORS


@pytest.fixture
def editor(reference_data: None) -> User:
    user = User.objects.create_user("editor@rpec.example", "a long password")
    user.groups.set(Group.objects.filter(name=EDITORS))
    return user


@pytest.fixture
def desk(editor: User) -> Client:
    client = Client()
    client.force_login(editor)
    return client
