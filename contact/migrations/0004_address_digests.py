"""What is stored already is found, and counts, by the address that mail goes to."""

from __future__ import annotations

from typing import Any

from django.db import migrations

from contact.actions.digests import renew_digests


def renew(apps: Any, schema_editor: Any) -> None:
    """Digest each stored address by today's rules.

    They are not frozen here: a digest is derived, and only today's are ever looked for. What the
    version before stores while this runs, or after, is renewed when somebody next looks for a
    person. How often an address was acknowledged (AcknowledgedAddress) is kept for a day without
    the address, and runs out by itself.
    """
    renew_digests(apps.get_model("contact", "Enquiry").objects.all())


class Migration(migrations.Migration):
    # No lock is held on what was renewed while the rest is read: the version before still serves.
    atomic = False

    dependencies = [("contact", "0003_undelivered_mail")]

    operations = [migrations.RunPython(renew, migrations.RunPython.noop)]
