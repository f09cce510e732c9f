"""Erases enquiries that need not be kept any longer."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from contact.actions.retention import erase_expired


class Command(BaseCommand):
    help = (
        "Erases enquiries that were closed ENQUIRY_RETENTION_DAYS ago, and warns of those that "
        "nobody closed in that time: these are erased 30 days after the warning. A legal hold "
        "keeps an enquiry; counts are kept. The worker does it by itself four times a day."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        done = erase_expired(at=timezone.now())
        self.stdout.write(
            f"Erased: {done.erased}. Warned of: {done.warned}. "
            f"Kept by a legal hold: {done.on_legal_hold}."
        )
