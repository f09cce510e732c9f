"""The two tracks for England say what their course is called, where nobody has reworded them."""

from django.db import migrations

SHIPPED = {
    "dsl": "Your responsibilities as a designated safeguarding lead, and why the Prevent duty matters.",
    "governors": "Your responsibilities as a school governor or trustee, and why the Prevent duty matters.",
}


def name_the_course(apps, schema_editor):
    tracks = apps.get_model("training", "Track").objects
    for slug, summary in SHIPPED.items():
        named = f"The course is called Prevent in education: {summary[0].lower()}{summary[1:]}"
        tracks.filter(slug=slug, summary=summary).update(summary=named)


class Migration(migrations.Migration):

    dependencies = [
        ("training", "0002_revisions"),
    ]

    operations = [
        migrations.RunPython(name_the_course, migrations.RunPython.noop, elidable=True),
    ]
