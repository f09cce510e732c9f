from __future__ import annotations

import pytest
from django.test import Client

from rpec_site.groups import COORDINATORS
from tests.people import at_desk, make_user


@pytest.fixture
def outsider(db: None) -> Client:
    """The admin as a co-ordinator sees it, who edits no guidance."""
    return at_desk(make_user("coordinator", COORDINATORS))
