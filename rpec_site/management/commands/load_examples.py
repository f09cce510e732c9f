"""Loads example people and sessions, so that the site can be tried."""

from __future__ import annotations

import secrets
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from accounts.models import EXAMPLE_DOMAIN, User
from regions.actions.loading import load_example_coordinators
from rpec_site.groups import COORDINATORS, EDITORS
from training.actions.loading import load_example_sessions


class Command(BaseCommand):
    help = "Loads example staff, mailboxes and future sessions: only with EXAMPLES=on."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.EXAMPLES:
            raise CommandError("Examples are loaded only with EXAMPLES=on; nothing was changed.")
        password = settings.EXAMPLE_PASSWORD or secrets.token_urlsafe(12)
        with transaction.atomic():
            users = self._people(password)
            sessions = load_example_sessions(at=timezone.now())
        self.stdout.write(f"Examples: {users} people and {sessions} sessions are there.")
        if not settings.EXAMPLE_PASSWORD:
            self.stdout.write(f"Their password is {password}")

    def _people(self, password: str) -> int:
        editor = _account("editor", password, name="Example editor")
        editor.groups.add(Group.objects.get(name=EDITORS))
        _account("administrator", password, name="Example administrator", is_superuser=True)
        group = Group.objects.get(name=COORDINATORS)
        people = load_example_coordinators(domain=EXAMPLE_DOMAIN)
        for person in people:
            user = _account(person.email.partition("@")[0], password, name=person.name)
            user.groups.add(group)
            if person.user is None:
                person.user = user
                person.save()
        return 2 + len(people)


def _account(login: str, password: str, **fields: Any) -> User:
    """Return the example account of that name with that password, made if need be."""
    user, is_new = User.objects.get_or_create(email=f"{login}@{EXAMPLE_DOMAIN}", defaults=fields)
    if is_new or not user.check_password(password):
        user.set_password(password)
        user.save()
    return user
