"""Is the process alive, can it serve, does mail arrive? JSON for machines, 200 or 503."""

from __future__ import annotations

from datetime import timedelta

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.networks import is_inside
from contact.actions.keys import missing_keys
from contact.models import Event
from guidance.help_addresses import keep_help_addresses
from outbox.models import Heartbeat, Message, Pause
from rpec_site.patience import within
from rpec_site.room import Room
from rpec_site.static_files import are_collected

# A notice should be with its reader long before this.
LATE = timedelta(minutes=15)
# A worker gives a sign every ten seconds, but while it speaks with a mail server (90 at most).
SILENT = timedelta(minutes=5)
# Whoever asks for the site's health waits no longer, whatever the database does.
PATIENCE_SECONDS = 3
room = Room()


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
    """Answer whether pages can be shown and enquiries stored.

    The database answers, has every migration and can write, our keys open what is stored, and
    static files were collected. While it answers, where /get-help/ leads is kept for the time when
    it does not.
    """
    try:
        with within(PATIENCE_SECONDS):
            return _answer(_unready())
    except DatabaseError:
        return _answer("The database does not answer.")


def _unready() -> str:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        return f"{len(waiting)} migrations have not run."
    if missing_keys():
        return "FIELD_ENCRYPTION_KEYS does not open all that is stored: a key is missing."
    if not are_collected():
        return "Static files have not been collected, or were after the start: restart."
    keep_help_addresses()
    return room.problem()


@require_safe
def delivery(request: HttpRequest) -> JsonResponse:
    """Answer how old the oldest undelivered message is, in seconds, and whether it is too old.

    It fails too where no enquiry can be stored, while no worker gives a sign of life, and while
    mail to the national team about an enquiry did not arrive, until somebody takes a step with the
    enquiry: a note is enough. What is wrong, and how old, is told inside, to this machine and
    private networks; strangers read no more than whether mail arrives.
    """
    try:
        with within(PATIENCE_SECONDS):
            waiting = Message.objects.undelivered()
            count = waiting.count()
            paused = Pause.objects.exists()
            is_unheard = Event.objects.unheard().exists()
            silence = Heartbeat.objects.youngest_age()
            oldest = waiting.order_by("created_at").values_list("created_at", flat=True).first()
            no_room = room.problem()
    except DatabaseError:
        return _answer("The database does not answer.")
    age = max(timezone.now() - oldest, timedelta()) if oldest else None
    problem = no_room
    if paused:
        problem = "The mail server refuses our login: no mail is sent."
    elif age and age > LATE:
        problem = "Mail has waited for more than 15 minutes."
    elif silence and silence > SILENT:
        problem = "No worker has given a sign of life for 5 minutes."
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
        worker_seconds=round(silence.total_seconds()) if silence is not None else None,
    )
