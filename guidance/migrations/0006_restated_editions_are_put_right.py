"""A redaction may have a cause instead of a person: restated words that a migration puts right."""

from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

NAME = "guidance_edition_is_frozen"
thaws = import_module("guidance.migrations.0004_redaction_alone_thaws")


def let_go(apps, schema_editor):
    """SQLite makes the table anew, which it refuses while a trigger looks into it."""
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(f"DROP TRIGGER {NAME}")


def hold_again(apps, schema_editor):
    """Put the trigger back as it was: in its place first one that does nothing, to be replaced."""
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(
            f"CREATE TRIGGER {NAME} BEFORE UPDATE ON guidance_edition BEGIN SELECT 1; END"
        )
        thaws.freeze(apps, schema_editor)


class Migration(migrations.Migration):
    dependencies = [
        ("guidance", "0005_exchange"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(let_go, hold_again),
        migrations.AddField(
            model_name="redaction",
            name="cause",
            field=models.TextField(
                blank=True,
                db_default="",
                editable=False,
                help_text="Why its words were put right, where no person did it.",
            ),
        ),
        migrations.AlterField(
            model_name="redaction",
            name="redacted_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="redaction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("cause", ""), ("redacted_by__isnull", False)),
                    models.Q(
                        ("redacted_by__isnull", True), models.Q(("cause", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="redaction_is_by_somebody_or_for_a_cause",
                violation_error_message="A redaction names who did it, or its cause, not both.",
            ),
        ),
        migrations.RunPython(hold_again, let_go),
    ]
