"""Is the process alive, can it serve, does mail arrive? JSON for machines, 200 or 503."""

from __future__ import annotations

from datetime import timedelta

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.networks import is_inside
from contact.models import Event
from outbox.models import Message, Pause

# A notice should be with its reader long before this.
LATE = timedelta(minutes=15)


def _answer(problem: str, **facts: object) -> JsonResponse:
    return JsonResponse(
        {"status": "failing" if problem else "ok", "problem": problem or None, **facts},
        status=503 if problem else 200,
    )


@require_safe
def live(request: HttpRequest) -> JsonResponse:
    """Answer at all: the process is alive."""
    return _answer("")


@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """Answer whether the database answers and has every migration."""
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return _answer("The database does not answer.")
    if waiting:
        return _answer(f"{len(waiting)} migrations have not run.")
    return _answer("")


@require_safe
def delivery(request: HttpRequest) -> JsonResponse:
    """Answer how old the oldest undelivered message is, in seconds, and whether it is too old.

    It fails too while mail to the national team about an enquiry did not arrive, until somebody
    takes a step with the enquiry: a note is enough. What is wrong, and how old, is told inside, to
    this machine and private networks; strangers read no more than whether mail arrives.
    """
    try:
        waiting = Message.objects.undelivered()
        count = waiting.count()
        paused = Pause.objects.exists()
        is_unheard = Event.objects.unheard().exists()
        oldest = waiting.order_by("created_at").values_list("created_at", flat=True).first()
    except DatabaseError:
        return _answer("The database does not answer.")
    age = max(timezone.now() - oldest, timedelta()) if oldest else None
    problem = ""
    if paused:
        problem = "The mail server refuses our login: no mail is sent."
    elif age and age > LATE:
        problem = "Mail has waited for more than 15 minutes."
    elif is_unheard:
        problem = "Mail to the national team did not arrive, and nobody has taken a step since."
    if not is_inside(
        request.META.get("REMOTE_ADDR", ""), request.headers.get("X-Forwarded-For", "")
    ):
        return _answer(problem and "Mail does not arrive as it should.")
    return _answer(
        problem,
        undelivered=count,
        oldest_seconds=round(age.total_seconds()) if age is not None else None,
    )
