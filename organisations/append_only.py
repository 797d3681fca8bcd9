"""Rows that are written once and never changed: the trails, the access logs, the snapshots.

A model says so by deriving from `AppendOnly`, whose rows and querysets refuse to change or delete
on either database. On PostgreSQL the database refuses besides, whoever asks: the migration that
makes the table says `Guarded("app", "Model")`. A test compares the two lists.

One thing is let through, by a setting of the session: a test that commits empties every table when
it is done (tests/conftest.py). The practice round needs no door: each part of it is written at its
own time (evaluations/demo/clock.py).

See docs/decisions/0010-append-only.md.
"""

from django.db import migrations, models

SETTING = "hocxahoi.trail"
EMPTYING = "emptying after a test"

FUNCTION = f"""
CREATE FUNCTION refuse_to_rewrite() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' AND current_setting('{SETTING}', true) = '{EMPTYING}' THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation';
END
$$
"""
TRIGGERS = {
    "no_rewrite": "BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW",
    "no_truncate": "BEFORE TRUNCATE ON {table} FOR EACH STATEMENT",
}


class WrittenOnce(Exception):
    """Somebody asked to change or delete a row of a trail."""


class AppendOnlyQuerySet(models.QuerySet):
    def update(self, **values):
        raise WrittenOnce(self.model._meta.label)

    def bulk_update(self, objs, fields, batch_size=None):
        raise WrittenOnce(self.model._meta.label)

    def delete(self):
        raise WrittenOnce(self.model._meta.label)


class AppendOnly(models.Model):
    """A row that is written once."""

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        """The one `save` of the house that is overridden: it refuses, and does nothing else."""
        if not self._state.adding:
            raise WrittenOnce(self._meta.label)
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise WrittenOnce(self._meta.label)


def create_function() -> migrations.RunPython:
    """The operation that brings the refusing function to the database; before any `Guarded`."""

    def forwards(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(FUNCTION, params=None)

    def backwards(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute("DROP FUNCTION refuse_to_rewrite()")

    return migrations.RunPython(forwards, backwards)


class Guarded(migrations.RunPython):
    """The operation after which PostgreSQL refuses UPDATE, DELETE and TRUNCATE on some tables."""

    reduces_to_sql = False

    def __init__(self, app_label: str, *models: str):
        super().__init__(self._guard, self._unguard)
        self.app_label, self.models = app_label, models

    def deconstruct(self):
        return self.__class__.__name__, [self.app_label, *self.models], {}

    def describe(self):
        return f"Guard against rewriting: {', '.join(self.models)}"

    def _guard(self, apps, schema_editor):
        for table in self._tables(apps, schema_editor):
            for name, when in TRIGGERS.items():
                said = when.format(table=table)
                schema_editor.execute(
                    f"CREATE TRIGGER {name} {said} EXECUTE FUNCTION refuse_to_rewrite()"
                )

    def _unguard(self, apps, schema_editor):
        for table in self._tables(apps, schema_editor):
            for name in TRIGGERS:
                schema_editor.execute(f"DROP TRIGGER {name} ON {table}")

    def _tables(self, apps, schema_editor):
        """As quoted in SQL; none on a database that has no such triggers."""
        if schema_editor.connection.vendor == "postgresql":
            for model in self.models:
                table = apps.get_model(self.app_label, model)._meta.db_table
                yield schema_editor.quote_name(table)
