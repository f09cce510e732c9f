"""Enquiries as senders make them, and colleagues at their desks."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group
from django.test import Client

from accounts.models import User
from contact.models import Enquiry
from regions.models import Coordinator, Post
from rpec_site.groups import COORDINATORS, NATIONAL_TEAM

TYPED = {
    "place": "Wigan",
    "setting": "school",
    "topic": "training",
    "message": "MARKER-message",
    "full_name": "MARKER-name",
    "email": "marker@school.example",
    "organisation": "MARKER-organisation",
    "confirm": "yes",
}


def enquiry(**changes: str) -> Enquiry:
    """Send one by the form; return what was stored."""
    assert Client().post("/contact/", {**TYPED, **changes}).status_code == 302
    return Enquiry.objects.latest("pk")


def somebody(name: str, *groups: str, **fields: Any) -> User:
    user = User.objects.create_user(f"{name}@example.org", "a long password", **fields)
    user.groups.set(Group.objects.filter(name__in=groups))
    return user


def coordinator(region: str) -> User:
    """Return the account of whoever holds the region's post, made and put into office."""
    user = somebody(region, COORDINATORS)
    post = Post.objects.get(region__slug=region)
    post.holder = Coordinator.objects.create(name=region, email=user.email, user=user)
    post.is_vacant = False
    post.full_clean()
    post.save()
    return user


def national_team() -> User:
    return somebody("team", NATIONAL_TEAM)


def at_desk(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def address(subject: Enquiry, page: str = "change") -> str:
    return f"/admin/contact/enquiry/{subject.pk}/{page}/"
