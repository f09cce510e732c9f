"""What calendars need of a session: an identity for good, and a count of its changes."""

import uuid

import django.utils.timezone
from django.db import migrations, models


def give_each_its_own(apps, schema_editor):
    sessions = apps.get_model("training", "Session").objects
    for session in sessions.filter(uid=None):
        sessions.filter(pk=session.pk).update(uid=uuid.uuid4())


class Migration(migrations.Migration):

    dependencies = [
        ("training", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            "session",
            "uid",
            models.UUIDField(null=True, editable=False),
        ),
        migrations.RunPython(give_each_its_own, migrations.RunPython.noop, elidable=True),
        migrations.AlterField(
            "session",
            "uid",
            models.UUIDField(default=uuid.uuid4, editable=False, help_text="By which calendars know it again, wherever this site moves.", unique=True),
        ),
        migrations.AddField(
            "session",
            "sequence",
            models.PositiveIntegerField(default=0, editable=False, help_text="How often it was changed: iCalendar's SEQUENCE."),
        ),
        migrations.AddField(
            "session",
            "changed_at",
            models.DateTimeField(default=django.utils.timezone.now, editable=False, help_text="When it was last changed, or made."),
        ),
        migrations.AddField(
            "session",
            "previous_starts_at",
            models.DateTimeField(blank=True, editable=False, help_text="When it began before it was last moved.", null=True),
        ),
        migrations.CreateModel(
            name="RegistrationCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("url", models.CharField(max_length=500, unique=True)),
                ("checked_at", models.DateTimeField()),
                ("fault", models.CharField(blank=True, help_text="A sentence. Blank: nothing is known to be wrong.", max_length=300)),
            ],
            options={
                "ordering": ("url",),
            },
        ),
    ]
