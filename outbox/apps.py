from django.apps import AppConfig


class OutboxConfig(AppConfig):
    """Mail that must arrive. It knows what is due and what came of it, never what it says."""

    name = "outbox"
    verbose_name = "Mail"
