"""What `check --deploy` says beyond Django's own checks."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core import checks
from django.db import DatabaseError

from contact.actions.keys import missing_keys
from outbox.transports import FolderTransport, transport_from
from rpec_site.settings_rules import doubts


@checks.register(checks.Tags.security, deploy=True)
def mail_leaves_the_machine(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """Warn where enquiries would lie in a folder that nobody reads."""
    if settings.EXAMPLES or not isinstance(transport_from(settings.MAIL), FolderTransport):
        return []
    return [
        checks.Warning(
            "Mail is written into files: no enquiry reaches a co-ordinator.",
            hint="Set EMAIL_URL to a mail server.",
            id="rpec_site.W001",
        )
    ]


@checks.register(checks.Tags.database)
def keys_open_what_is_stored(
    app_configs: Any, databases: Any = None, **kwargs: Any
) -> list[checks.CheckMessage]:
    """Warn where a key was taken away by which something may be sealed. `--database default`."""
    if not databases:
        return []
    try:
        missing = missing_keys()
    except DatabaseError:
        return []  # Before the first migration, or down: other checks say so.
    if not missing:
        return []
    return [
        checks.Warning(
            f"FIELD_ENCRYPTION_KEYS does not open all that is stored: keys are missing: {missing}.",
            hint="Put them back, behind the newest; `manage.py rotate_keys` makes them needless.",
            id="rpec_site.W002",
        )
    ]


@checks.register(checks.Tags.security)
def the_site_answers_to_its_own_name(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """Say, before anything starts, with which settings few sites would work."""
    named = doubts(settings.SITE_URL, settings.ALLOWED_HOSTS, settings.TRUSTED_PROXIES)
    return [checks.Info(doubt, id="rpec_site.I001") for doubt in named]
