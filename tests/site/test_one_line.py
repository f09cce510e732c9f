"""Titles and names are of one line, whichever way they come in, and old ones break nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.test import Client, RequestFactory
from django.urls import reverse
from icalendar import Calendar

from accounts.models import User
from tests.training.factories import make_session, make_track, uk
from training.models import Session, Track

pytestmark = pytest.mark.django_db

BREAKS = ["\n", "\r\n", "\x0b", "\x85", "\u2028", "\u2029"]


def forms_of_the_admin(user: User) -> Iterator[tuple[str, type[forms.ModelForm]]]:
    """Yield the form of each of our admin pages, and of the rows on it."""
    request = RequestFactory().get("/")
    request.user = user
    for model, page in admin.site._registry.items():
        if not model.__module__.startswith("django.") and page.has_add_permission(request):
            yield f"{model.__name__}", page.get_form(request)
        for make in page.inlines or page.get_inlines(request, model()):
            inline = make(model, page.admin_site)
            yield f"{inline.model.__name__}", inline.get_formset(request).form


def short_texts(form: type[forms.ModelForm]) -> Iterator[tuple[str, forms.CharField]]:
    for name, field in form.base_fields.items():
        is_one_line = isinstance(field.widget, forms.TextInput)
        if is_one_line and isinstance(field, forms.CharField) and not field.disabled:
            yield name, field


def test_every_short_text_of_the_admin_refuses_a_second_line(administrator: User) -> None:
    seen = set()
    for model, form in forms_of_the_admin(administrator):
        for name, field in short_texts(form):
            seen.add(f"{model}.{name}")
            for sign in BREAKS:
                with pytest.raises(ValidationError):
                    field.clean(f"a{sign}b")

    assert seen >= {
        *("Session.title", "Track.name", "Track.audience", "Post.title", "Coordinator.name"),
        *("Place.name", "PlaceTarget.label", "LocalContact.label", "Link.label", "Page.applies_to"),
        *("Section.heading", "User.name"),
    }


def test_a_title_of_two_lines_comes_back_with_a_sentence(desk: Client) -> None:
    session = make_session(uk("2027-06-22 15:30"))

    page = desk.post(
        reverse("admin:training_session_change", args=[session.pk]),
        {"title": "Spring\nspecial"},
    )

    assert "Write this on one line, without control characters." in page.content.decode()
    session.refresh_from_db()
    assert session.title == ""


def test_a_pasted_title_of_two_lines_is_refused(desk: Client) -> None:
    page = desk.post(
        reverse("admin:training_session_paste"),
        {"text": "DSL 22 June 2027 3:30pm to 4:45pm", "title": "Spring\nspecial"},
    )

    assert "Write this on one line" in page.content.decode()


def broken(**fields: Any) -> Session:
    """A session with a title, or a track's name, of two lines, as older versions stored it."""
    session = make_session(uk("2027-06-22 15:30"), title=fields.get("title", ""))
    Track.objects.filter(pk=session.track_id).update(name=fields.get("name", session.track.name))
    return session


@pytest.mark.parametrize("sign", BREAKS)
def test_calendars_show_an_old_title_or_name_of_two_lines_on_one(client: Client, sign: str) -> None:
    session = broken(title=f"Spring{sign}special", name=f"Training{sign}for DSLs")

    for address in (f"sessions/{session.pk}", session.track.slug, "all"):
        answer = client.get(f"/training/{address}.ics")

        assert answer.status_code == 200
        [event] = Calendar.from_ical(answer.content).events
        assert str(event["summary"]) == "Spring special"
    assert b"X-WR-CALNAME:Training for DSLs" in client.get("/training/dsl.ics").content


def test_an_old_title_of_two_lines_is_mended_when_its_session_is_copied(
    desk: Client, editor: User
) -> None:
    session = broken(title="Spring\nspecial")

    desk.post(
        reverse("admin:training_session_copy", args=[session.pk]),
        {"starts_at_0": "2027-07-01", "starts_at_1": "15:30"},
    )

    assert Session.objects.exclude(pk=session.pk).get().title == "Spring special"


def test_tracks_are_named_on_one_line_by_the_editor(desk: Client) -> None:
    track = make_track()

    page = desk.post(
        reverse("admin:training_track_change", args=[track.pk]),
        {"name": "Training\nfor DSLs", "audience": "DSLs", "summary": "Words.", "position": 1},
    )

    assert "Write this on one line" in page.content.decode()
