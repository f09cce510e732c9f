"""Loads what every site has, again and again without harm."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from accounts.actions import load_groups
from guidance.actions.loading import load_links
from regions.actions.loading import (
    load_places,
    load_posts,
    load_regions,
)
from rpec_site.groups import GROUPS, WITHHELD
from training.actions.loading import load_tracks


class Command(BaseCommand):
    help = (
        "Loads regions, areas, places, tracks, links and staff groups, and a vacant post for each "
        "region that has none. Run it after each update: it changes only what it made."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        areas = load_regions()
        places = load_places()
        posts = load_posts()
        load_tracks()
        links = load_links()
        groups = load_groups(permissions=GROUPS, withheld=WITHHELD)
        self.stdout.write(
            f"Reference data: {areas} areas, {places} places, {links} links and {groups} groups "
            f"are up to date; {posts} vacant posts added."
        )
