"""Migrations that a rolling restart can bear: the old code still runs while the new tables stand.

What was there before the first release has no old code beside it and is not asked.
"""

from pathlib import Path

import pytest
from django.apps import apps
from django_migration_linter import MigrationLinter
from django_migration_linter.sql_analyser import analyse_sql_statements, get_sql_analyser_class

BEFORE = Path(__file__).with_name("before_first_release.txt")


def ours() -> list[str]:
    """Our applications, by label."""
    root = Path(__file__).resolve().parent.parent
    return [each.label for each in apps.get_app_configs() if Path(each.path).parent == root]


@pytest.mark.services
@pytest.mark.django_db
def test_new_migrations_let_the_old_code_run_on():
    """See docs/decisions/0018-migrations-in-three-steps.md for what to do instead."""
    linter = MigrationLinter(
        include_apps=ours(), ignore_name=names_before_first_release(), no_cache=True, quiet=["ok"]
    )

    linter.lint_all_migrations()

    assert not linter.has_errors


@pytest.mark.parametrize(
    ("sql", "is_borne"),
    [
        ("ALTER TABLE ho_so ADD COLUMN ghi_chu text NULL", True),
        ("ALTER TABLE ho_so ADD COLUMN ghi_chu text NOT NULL", False),
        ("ALTER TABLE ho_so RENAME COLUMN ghi_chu TO loi_ghi", False),
        ("ALTER TABLE ho_so DROP COLUMN ghi_chu", False),
        ("DROP TABLE ho_so", False),
    ],
)
def test_linter_knows_what_old_code_cannot_bear(sql, is_borne):
    errors, _, _ = analyse_sql_statements(get_sql_analyser_class("postgresql"), [sql], [])

    assert (errors == []) is is_borne


def test_what_was_there_before_the_release_is_there_still():
    """A name in the list that no file bears would hide a new one of that name."""
    found = {
        path.stem
        for label in ours()
        for path in (Path(apps.get_app_config(label).path) / "migrations").glob("0*.py")
    }

    assert set(names_before_first_release()) <= found


def names_before_first_release() -> list[str]:
    return BEFORE.read_text().split()
