"""Rows that are written once and never changed: the trails, the access logs, the snapshots.

A model says so by deriving from `AppendOnly`, whose rows and querysets refuse to change or delete
on either database. On PostgreSQL the database refuses besides, whoever asks: the migration that
makes the table says `Guarded("app", "Model")`. A test compares the two lists.

Three doors, each opened by a setting of the session. A test that commits empties every table when
it is done (tests/conftest.py). `erase` takes away rows that have lain longer than their model must
keep them; `redact` puts fixed words in the place of one field that their model names. The database
asks for the age and for the words itself. The practice round needs no door: each part of it is
written at its own time (evaluations/demo/clock.py).

See docs/decisions/0010-append-only.md and 0023-personal-data.md.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import connection, migrations, models, transaction
from django.utils import timezone

SETTING = "hocxahoi.trail"
EMPTYING = "emptying after a test"
ERASING = "erasing at its term"
REDACTING = "redacting an account"
REDACTED = "đã bỏ khi ẩn danh tài khoản"
CLOCKS_APART = timedelta(minutes=5)  # ours, and that of the database when its transaction began

# OR REPLACE: a later migration brings the doors to a database that has the function already.
FUNCTION = f"""
CREATE OR REPLACE FUNCTION refuse_to_rewrite() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    door text := current_setting('{SETTING}', true);
BEGIN
    IF TG_OP = 'TRUNCATE' AND door = '{EMPTYING}' THEN
        RETURN NULL;
    END IF;
    IF TG_OP = 'DELETE' AND TG_NARGS = 2 AND door = '{ERASING}' THEN
        IF TG_ARGV[0] = 'erase' AND OLD.at < now() - TG_ARGV[1]::interval THEN
            RETURN OLD;
        END IF;
    END IF;
    IF TG_OP = 'UPDATE' AND TG_NARGS = 2 AND door = '{REDACTING}' THEN
        IF TG_ARGV[0] = 'redact'
            AND to_jsonb(NEW) - TG_ARGV[1] = to_jsonb(OLD) - TG_ARGV[1]
            AND to_jsonb(NEW) ->> TG_ARGV[1] = '{REDACTED}'
        THEN
            RETURN NEW;
        END IF;
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
    """A row that is written once.

    `ERASED_AFTER`: how long a row must lie before it may be erased; None is for ever. It is the
    least that has to be kept; the term itself is said in the settings. `REDACTED_FIELD` may be
    replaced by fixed words. The migration of the table says the same to the database.
    """

    ERASED_AFTER: timedelta | None = None
    REDACTED_FIELD = ""

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


def erase(rows: AppendOnlyQuerySet) -> int:
    """Delete those of the rows that are old enough for it; how many they were.

    Raises WrittenOnce where the model keeps its rows for ever.
    """
    if rows.model.ERASED_AFTER is None:
        raise WrittenOnce(rows.model._meta.label)
    with _door(ERASING):
        old = rows.filter(at__lt=timezone.now() - rows.model.ERASED_AFTER - CLOCKS_APART)
        erased, _ = models.QuerySet.delete(old)
    return erased


def redact(rows: AppendOnlyQuerySet) -> int:
    """Put REDACTED in the place of the one field that the model names; how many rows changed.

    Raises WrittenOnce where the model names none.
    """
    field = rows.model.REDACTED_FIELD
    if not field:
        raise WrittenOnce(rows.model._meta.label)
    with _door(REDACTING):
        return models.QuerySet.update(rows, **{field: REDACTED})


@contextmanager
def _door(opening: str) -> Iterator[None]:
    """Open for one transaction on PostgreSQL, and shut again before anything else is done in it."""
    with transaction.atomic():
        before = _set(opening)
        yield
        _set(before)  # where the block fails, the transaction takes the setting back itself


def _set(door: str) -> str:
    """What was set before; nothing is set where there is no such guard."""
    if connection.vendor != "postgresql":
        return ""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting(%s, true), '')", [SETTING])
        (before,) = cursor.fetchone()
        cursor.execute("SELECT set_config(%s, %s, true)", [SETTING, door])
    return before


def create_function() -> migrations.RunPython:
    """The operation that brings the refusing function to the database; before any `Guarded`."""

    def forwards(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(FUNCTION, params=None)

    def backwards(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute("DROP FUNCTION refuse_to_rewrite()")

    return migrations.RunPython(forwards, backwards)


def renew_function() -> migrations.RunPython:
    """The operation that brings a new text of the function; it does all that the old one did."""

    def forwards(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(FUNCTION, params=None)

    return migrations.RunPython(forwards, migrations.RunPython.noop)


class _OnTables(migrations.RunPython):
    """An operation on the triggers of some tables."""

    reduces_to_sql = False

    def __init__(self, app_label: str, *models: str):
        super().__init__(self._guard, self._unguard)
        self.app_label, self.models = app_label, models

    def _guard(self, apps, schema_editor):
        raise NotImplementedError

    def _unguard(self, apps, schema_editor):
        raise NotImplementedError

    def _tables(self, apps, schema_editor):
        """As quoted in SQL; none on a database that has no such triggers."""
        if schema_editor.connection.vendor == "postgresql":
            for model in self.models:
                table = apps.get_model(self.app_label, model)._meta.db_table
                yield schema_editor.quote_name(table)


class Guarded(_OnTables):
    """The operation after which PostgreSQL refuses UPDATE, DELETE and TRUNCATE on some tables."""

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


class WithDoor(_OnTables):
    """The operation that gives tables already guarded a door: ("erase", "30 days") for rows so
    old, ("redact", "detail") for that field."""

    def __init__(self, door: str, argument: str, app_label: str, *models: str):
        super().__init__(app_label, *models)
        self.door, self.argument = door, argument

    def deconstruct(self):
        arguments = [self.door, self.argument, self.app_label, *self.models]
        return self.__class__.__name__, arguments, {}

    def describe(self):
        return f"Let {self.door} ({self.argument}): {', '.join(self.models)}"

    def _guard(self, apps, schema_editor):
        quoted = f"'{self.door}', '{self.argument}'"
        self._replace(apps, schema_editor, f"refuse_to_rewrite({quoted})")

    def _unguard(self, apps, schema_editor):
        self._replace(apps, schema_editor, "refuse_to_rewrite()")

    def _replace(self, apps, schema_editor, function):
        for table in self._tables(apps, schema_editor):
            said = TRIGGERS["no_rewrite"].format(table=table)
            schema_editor.execute(f"DROP TRIGGER no_rewrite ON {table}")
            schema_editor.execute(f"CREATE TRIGGER no_rewrite {said} EXECUTE FUNCTION {function}")
