"""Django's own migrate, which may take as long as it takes."""

from __future__ import annotations

from typing import Any

from django.core.management.commands import migrate
from django.db import connections

from rpec_site.patience import without_limit


class Command(migrate.Command):
    """Lifts the limit on statements: a table may be large.

    The one on locks stays: where somebody holds a table for long, it ends and changes nothing,
    rather than hold up all who come after it. Run it again then.
    """

    def handle(self, *args: Any, **options: Any) -> None:
        connection = connections[options["database"]]
        is_limited = connection.vendor == "postgresql"
        with without_limit():
            if is_limited:
                with connection.cursor() as cursor:
                    cursor.execute("SET statement_timeout = 0")
            super().handle(*args, **options)
            if is_limited:
                with connection.cursor() as cursor:
                    cursor.execute("RESET statement_timeout")
