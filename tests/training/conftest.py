from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import User
from tests.training.factories import make_editor


@pytest.fixture
def editor() -> User:
    return make_editor()


@pytest.fixture
def desk(editor: User) -> Client:
    """The admin as the editor sees it."""
    desk = Client()
    desk.force_login(editor)
    return desk
