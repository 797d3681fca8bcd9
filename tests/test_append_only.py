"""The trails, the access logs and the snapshots: written once, on either database."""

import re

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.db.migrations.loader import MigrationLoader

from evaluations.actions.appraisal import version_of
from evaluations.actions.decisions import record_access as record_decision_access
from evaluations.actions.evidence import remove_citation
from evaluations.actions.inspections import feed
from evaluations.actions.inspections import record_access as record_minutes_access
from evaluations.actions.papers import record_access
from evaluations.models import RoundEvent, SessionEvent
from organisations.actions import reset_password
from organisations.append_only import (
    SETTING,
    TRIGGERS,
    AppendOnly,
    Guarded,
    WrittenOnce,
)
from reports.actions import note_download
from reports.text_actions import Change, write_texts
from tests.evaluations.loaded import rolled_back
from tests.world import make_world

OURS = ("criteria", "evaluations", "organisations", "reports", "upkeep")
SAYS_SO = re.compile(r"never changed|written once", re.IGNORECASE)
TRAIL = re.compile(r"(Event|Access|Download)$")


def append_only() -> list[type[AppendOnly]]:
    found = [model for model in apps.get_models() if issubclass(model, AppendOnly)]
    return sorted(found, key=lambda model: model._meta.label)


@pytest.fixture(scope="module")
def written(django_db_setup, django_db_blocker, tmp_path_factory):
    """A row of every such model, written by the actions that the pages call."""
    with django_db_blocker.unblock(), rolled_back(tmp_path_factory.mktemp("media")):
        world = make_world()
        case = world.cases[0]
        record_access(stored_file=case.stored_file, kind="preview", by=world.people["editor"])
        record_decision_access(
            decision=world.council.decision, kind="download", by=world.people["leader"]
        )
        note_download(run=world.runs["ready"][0], by=world.people["editor"])
        remove_citation(evidence=case.evidence, by=world.people["editor"])
        reset_password(person=world.people["editor"], by=world.people["administrator"])
        scan = world.inspections[2].scans.get()
        appraiser = world.people["appraiser"]
        record_minutes_access(scan=scan, kind="preview", by=appraiser)
        result = world.inspections[2].evaluation.results.get(indicator__code="2.1.2")
        feed(
            inspection=world.inspections[2],
            result=result,
            typed={"achieved": "4", "total": "6"},
            reason="Đã đến xem.",
            version=version_of(world.inspections[2].evaluation, result),
            by=appraiser,
        )
        session = world.council.item.session
        line = {"kind": "thu", "text": "việc thử", "by": world.people["appraiser"]}
        RoundEvent.objects.create(pilot_round=session.pilot_round, **line)
        change = Change("tien-do", "Tiến độ", 0, "Lời văn", "Gợi ý")
        write_texts(
            subject=session.pilot_round, report="bao-cao-bo", changes=[change], by=appraiser
        )
        SessionEvent.objects.create(session=session, **line)
        yield


def test_every_trail_is_append_only():
    """By what its docstring promises, and by its name."""
    own = [model for label in OURS for model in apps.get_app_config(label).get_models()]
    promised = [
        model.__name__
        for model in own
        if SAYS_SO.search(model.__doc__ or "") or TRAIL.search(model.__name__)
    ]

    missing = set(promised) - {model.__name__ for model in append_only()}
    assert not missing, "derive it from AppendOnly, and say Guarded in its migration"
    assert len(append_only()) >= 12


def test_a_migration_guards_every_such_table():
    loader = MigrationLoader(None)
    guarded = {
        f"{operation.app_label}.{name}"
        for migration in loader.disk_migrations.values()
        for operation in migration.operations
        if isinstance(operation, Guarded)
        for name in operation.models
    }

    models = {model._meta.label for model in append_only()}
    assert guarded == models, f"say Guarded in a migration: {models ^ guarded}"


def test_rows_and_querysets_refuse():
    for model in append_only():
        row, rows = model(pk=1), model.objects.all()
        row._state.adding = False  # as fetched
        for refused in (
            row.save,
            row.delete,
            rows.delete,
            lambda rows=rows: rows.update(pk=1),
            lambda rows=rows, row=row: rows.bulk_update([row], ["pk"]),
        ):
            with pytest.raises(WrittenOnce):
                refused()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no such triggers")
def test_the_database_refuses_whoever_asks(written, db):
    """Plain SQL, past all of our code; and an `UPDATE` that would change nothing as well."""
    asked = 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, '', true)", [SETTING])  # as everywhere but in tests
        # The keys of the rows just written are still to be checked, and TRUNCATE waits for that.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for model in append_only():
            table = connection.ops.quote_name(model._meta.db_table)
            cursor.execute(
                "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal",
                [table],
            )
            assert {name for (name,) in cursor.fetchall()} == set(TRIGGERS), model
            statements = [f"TRUNCATE {table} CASCADE"]
            if model.objects.exists():
                statements += [f"UPDATE {table} SET id = id", f"DELETE FROM {table}"]
                asked += 1
            for statement in statements:
                with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
                    cursor.execute(statement)
    assert asked >= 12
