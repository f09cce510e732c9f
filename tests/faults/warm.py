"""Loading addresses, templates and holidays before a process forks, so that each is quick."""

from __future__ import annotations

import io
from typing import Any

from django.conf import settings
from django.db import connections, transaction
from django.utils import timezone

from contact.actions.submitting import submit_enquiry
from contact.models import Enquiry
from contact.routing import Route
from outbox.envelope import mime
from outbox.kinds import make_envelope
from outbox.models import Message
from regions.models import Region
from tests.faults.newsletter import register_newsletter


def store(values: dict[str, str], region: str, *, network: str = "") -> Enquiry:
    """Store an enquiry, as the form's values and the region's slug, without the web in between."""
    values = {"telephone": "", "role": "", **values}
    route = Route(region, region, "", "it was chosen", is_override=False)
    token = values.pop("token")
    return submit_enquiry(token=token, values=values, route=route, network=network)


def warm_up(site: Any = None) -> None:
    """Make an enquiry's mail, and the form where there is a site, and leave nothing behind."""
    register_newsletter()
    names = ("full_name", "email", "organisation", "place", "message", "token")
    values = {**dict.fromkeys(names, "warm@example.org"), "setting": "school", "topic": "other"}
    with transaction.atomic():
        enquiry = store(values, Region.objects.all()[0].slug)
        for message in Message.objects.filter(subject_id=enquiry.pk):
            mail = make_envelope(message.kind, message.subject_id, timezone.now())
            assert mail is not None
            sender = settings.DEFAULT_FROM_EMAIL
            bytes(mime(mail, sender=sender, message_id="warm@example.org", at=timezone.now()))
        transaction.set_rollback(True)
    if site is not None:
        answer = site(
            {
                "REQUEST_METHOD": "GET",
                "PATH_INFO": "/contact/",
                "SERVER_NAME": "127.0.0.1",
                "SERVER_PORT": "80",
                "HTTP_HOST": "127.0.0.1",
                "wsgi.url_scheme": "http",
                "wsgi.input": io.BytesIO(),
                "wsgi.errors": io.StringIO(),
            },
            lambda status, headers: None,
        )
        answer.close()
    connections.close_all()
