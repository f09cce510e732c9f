"""Frozen words may change while a redaction is open, which it is inside one transaction."""

from django.db import migrations

ALWAYS_FROZEN = (
    "id",
    "page_id",
    "number",
    "update_type",
    "published_at",
    "published_by_id",
    "is_text_held",
    "is_restated",
)
WORDS = ("change_note", "cause", "title", "lead", "content")
REFUSAL = "A published edition is never altered."
NAME = "guidance_edition_is_frozen"
OPEN = "SELECT 1 FROM guidance_redaction r WHERE r.edition_id = OLD.id AND r.is_open"


def freeze(apps, schema_editor):
    """Put the refusal in the place of the one that knew no exception."""
    if schema_editor.connection.vendor == "sqlite":
        always, words = (
            " OR ".join(f"NEW.{column} IS NOT OLD.{column}" for column in columns)
            for columns in (ALWAYS_FROZEN, WORDS)
        )
        schema_editor.execute(f"DROP TRIGGER {NAME}")
        schema_editor.execute(
            f"""
            CREATE TRIGGER {NAME}
            BEFORE UPDATE ON guidance_edition
            WHEN OLD.published_at IS NOT NULL
                AND ({always} OR (({words}) AND NOT EXISTS ({OPEN})))
            BEGIN
                SELECT RAISE(ABORT, '{REFUSAL}');
            END
            """
        )
        return
    always, words = (
        " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in columns)
        for columns in (ALWAYS_FROZEN, WORDS)
    )
    schema_editor.execute(
        f"""
        CREATE OR REPLACE FUNCTION {NAME}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF ({always}) OR NOT EXISTS ({OPEN}) THEN
                RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            RETURN NEW;
        END
        $$
        """
    )


def refuse_all(apps, schema_editor):
    """Go back to the refusal that knew no exception."""
    if schema_editor.connection.vendor == "sqlite":
        differs = " OR ".join(
            f"NEW.{column} IS NOT OLD.{column}" for column in (*ALWAYS_FROZEN, *WORDS)
        )
        schema_editor.execute(f"DROP TRIGGER {NAME}")
        schema_editor.execute(
            f"""
            CREATE TRIGGER {NAME}
            BEFORE UPDATE ON guidance_edition
            WHEN OLD.published_at IS NOT NULL AND ({differs})
            BEGIN
                SELECT RAISE(ABORT, '{REFUSAL}');
            END
            """
        )
        return
    schema_editor.execute(
        f"""
        CREATE OR REPLACE FUNCTION {NAME}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation';
        END
        $$
        """
    )


class Migration(migrations.Migration):
    dependencies = [("guidance", "0003_records")]

    operations = [migrations.RunPython(freeze, refuse_all)]
