"""The ledger in the admin: to read, never to write."""

from __future__ import annotations

from django.contrib import admin

from backoffice.permissions import ReadOnly
from outbox.models import Attempt, Message


class AttemptInline(ReadOnly, admin.TabularInline):
    model = Attempt
    extra = 0
    fields = ("number", "started_at", "finished_at", "outcome", "server_said")


@admin.register(Message)
class MessageAdmin(ReadOnly, admin.ModelAdmin):
    """What is waiting to be sent, what was sent, and what mail servers said."""

    list_display = ("created_at", "kind", "subject_id", "state", "due_at")
    list_filter = ("state", "kind", "priority")
    date_hierarchy = "created_at"
    inlines = (AttemptInline,)
