"""A region's page says of its posts what is known of them, and no more."""

from __future__ import annotations

import pytest
from django.test import Client

from regions.models import Coordinator, Post
from tests.guidance.desk import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]


@pytest.fixture
def post() -> Post:
    person = Coordinator.objects.create(name="Jo Example", email="jo@rpec.example", shows_name=True)
    post = Post.objects.get(region__slug="london")
    post.holder, post.is_vacant = person, False
    post.save()
    return post


def said(client: Client) -> str:
    """Return what stands under "Who answers"."""
    page = words(client.get("/regions/london/"))
    return page.partition("Who answers</h2>")[2].partition('<p class="govuk-body">Use the')[0]


def test_a_post_for_all_settings_is_said_to_serve_none_in_particular(client: Client, post: Post):
    assert "Regional Prevent education co-ordinator." in said(client)
    assert "settings" not in said(client)
    Coordinator.objects.update(shows_name=False)
    assert said(client).strip() == (
        '<h3 class="govuk-heading-s">Regional Prevent education co-ordinator</h3>'
    )


def test_one_of_several_posts_says_which_settings_it_serves(client: Client, post: Post):
    Post.objects.filter(pk=post.pk).update(remit=Post.Remit.SCHOOLS)
    assert "co-ordinator for early years and schools." in said(client)
    Coordinator.objects.update(shows_name=False)
    assert "Serves early years and schools." in said(client)


def test_a_vacant_post_says_so_and_who_answers(client: Client, post: Post):
    Post.objects.filter(pk=post.pk).update(holder=None, is_vacant=True)
    assert "This post is vacant at the moment. The national team answers instead." in said(client)
