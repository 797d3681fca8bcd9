"""What a request writes: the tables that it leaves changed, as the database is told of them."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

CHANGE = re.compile(r'\s*(?:INSERT (?:OR \w+ )?INTO|UPDATE|DELETE FROM) "(\w+)"', re.IGNORECASE)
# Whoever asks leaves a trace of having asked: the session lives on, tries are counted, and what
# was read is noted. Nothing of it is anybody's work.
TRACES = {
    "organisations_accountaccess",
    "organisations_session",
    "organisations_tally",
    "organisations_signinevent",
    "evaluations_dossieraccess",
    "evaluations_evidenceaccess",
    "evaluations_decisionaccess",
    "evaluations_inspectionaccess",
    "reports_reportdownload",
    "axes_accessattempt",
}


@contextmanager
def listening() -> Iterator[list[str]]:
    """The tables written to meanwhile, in order, less what was taken back to a savepoint."""
    tables: list[str] = []
    marks: dict[str, int] = {}

    def note(execute, sql, params, many, context):
        if sql.startswith("SAVEPOINT"):
            marks[sql.split()[-1]] = len(tables)
        elif sql.startswith("ROLLBACK TO"):
            del tables[marks[sql.split()[-1]] :]
        elif found := CHANGE.match(sql):
            tables.append(found[1])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield tables


def work_in(tables: list[str]) -> list[str]:
    """Of the tables written to those that hold somebody's work."""
    return sorted(set(tables) - TRACES)
