"""What a published edition froze refuses change in the database itself, whoever asks."""

from django.db import migrations

FROZEN = (
    "page_id",
    "number",
    "update_type",
    "change_note",
    "cause",
    "published_at",
    "published_by_id",
    "title",
    "lead",
    "is_text_held",
    "is_restated",
    "content",
)
REFUSAL = "A published edition is never altered."


def freeze(apps, schema_editor):
    """Refuse an update of frozen columns. Rows can be deleted, or tests could not be undone."""
    if schema_editor.connection.vendor == "sqlite":
        differs = " OR ".join(f"NEW.{column} IS NOT OLD.{column}" for column in FROZEN)
        schema_editor.execute(
            f"""
            CREATE TRIGGER guidance_edition_is_frozen
            BEFORE UPDATE ON guidance_edition
            WHEN OLD.published_at IS NOT NULL AND ({differs})
            BEGIN
                SELECT RAISE(ABORT, '{REFUSAL}');
            END
            """
        )
        return
    differs = " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in FROZEN)
    schema_editor.execute(
        f"""
        CREATE FUNCTION guidance_edition_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation';
        END
        $$
        """
    )
    schema_editor.execute(
        f"""
        CREATE TRIGGER guidance_edition_is_frozen
        BEFORE UPDATE ON guidance_edition FOR EACH ROW
        WHEN (OLD.published_at IS NOT NULL AND ({differs}))
        EXECUTE FUNCTION guidance_edition_is_frozen()
        """
    )


def thaw(apps, schema_editor):
    """Take the refusal away again."""
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TRIGGER guidance_edition_is_frozen")
        return
    schema_editor.execute("DROP TRIGGER guidance_edition_is_frozen ON guidance_edition")
    schema_editor.execute("DROP FUNCTION guidance_edition_is_frozen()")


class Migration(migrations.Migration):
    dependencies = [("guidance", "0001_initial")]

    operations = [migrations.RunPython(freeze, thaw)]
