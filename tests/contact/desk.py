"""Enquiries as senders make them, and colleagues at their desks."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group
from django.test import Client

from accounts.models import User
from contact.models import Enquiry
from regions.models import Coordinator, Post, Region
from rpec_site.groups import COORDINATORS, NATIONAL_TEAM

# What a sender types where a test does not say otherwise.
TYPED = {
    "place": "Wigan",
    "setting": "school",
    "topic": "training",
    "message": "MARKER-message",
    "full_name": "MARKER-name",
    "email": "marker@school.example",
    "telephone": "",
    "organisation": "MARKER-organisation",
    "role": "MARKER-role",
}


def post(client: Client, **changes: str) -> Any:
    """Press Continue: the answer is the page to check, or the form with what is wrong."""
    return client.post("/contact/", {**TYPED, **changes})


def send(client: Client, *, remote: str = "127.0.0.1", forwarded: str = "", **changes: str) -> Any:
    """Press Send, from an address and through proxies: the answer leads to the confirmation."""
    return client.post(
        "/contact/",
        {**TYPED, "confirm": "yes", **changes},
        headers={"X-Forwarded-For": forwarded} if forwarded else None,
        REMOTE_ADDR=remote,
    )


def enquiry(**changes: str) -> Enquiry:
    """Send one; return what was stored."""
    response = send(Client(), **changes)
    assert response.status_code == 302, response.content.decode()
    return Enquiry.objects.get(reference=response["Location"].rstrip("/").rpartition("/")[2])


def stored() -> Enquiry:
    """Return the one enquiry that there is."""
    return Enquiry.objects.get()


def region_of(subject: Enquiry) -> Region:
    assert subject.region is not None
    return subject.region


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
