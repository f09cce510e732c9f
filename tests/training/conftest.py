"""One moment, one editor and their desk for all tests of training."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from tests.training.factories import make_editor


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def editor() -> User:
    return make_editor()


@pytest.fixture
def desk(editor: User) -> Client:
    """The admin as the editor sees it."""
    desk = Client()
    desk.force_login(editor)
    return desk
