"""Loads the page's published editions and the sessions, where they are absent."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from guidance.actions.loading import load_published
from training.actions.loading import load_sessions


class Command(BaseCommand):
    help = "Loads the guidance page with its editions, and its sessions: only what is absent."

    def handle(self, *args: Any, **options: Any) -> None:
        sessions = load_sessions()
        editions = load_published()
        self.stdout.write(f"Published content: {editions} editions and {sessions} sessions added.")
