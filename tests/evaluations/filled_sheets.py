"""Sheets as units fill them in, by the verbs that the pages call."""

from evaluations.actions.sheet_evidence import add_sheet_file
from evaluations.actions.sheets import save_sheet, take_sheet_step, version_of
from evaluations.models import SheetEvidence, UnitResult
from evaluations.registers import points_of
from evaluations.sheet_reading import values_of
from organisations.models import Organisation, Role, User
from tests.evaluations import samples
from tests.factories import make_agency, make_commune, make_line, make_round, make_user

# Of the small point set: 84,5 of 100, which is Khá.
COMPLETE = {
    "points-1": "35",
    "explanation-1": "Có kế hoạch.",
    "points-2.1": "20",
    "points-2.2": "29,5",
}
CLAIMED = {"rating": "kha", "explanation-whole": "Theo biên bản họp ngày 05/12."}


def make_agency_line(owner: Organisation, pilot_round=None, **fields) -> UnitResult:
    return make_line(pilot_round or make_round(), make_agency(parent=owner), **fields)


def make_commune_line(owner: Organisation, pilot_round=None, **fields) -> UnitResult:
    """Of a commune, whose points nobody knows yet."""
    return make_line(pilot_round or make_round(), make_commune(parent=owner), **fields)


def fresh(line: UnitResult) -> UnitResult:
    return UnitResult.objects.for_writing().get(pk=line.pk)


def editor_of(line: UnitResult) -> User:
    return line.unit.people.filter(role=Role.EDITOR).first() or make_user(Role.EDITOR, line.unit)


def leader_of(line: UnitResult) -> User:
    return line.unit.people.filter(role=Role.LEADER).first() or make_user(Role.LEADER, line.unit)


def fill(line: UnitResult, values=COMPLETE, by: User | None = None) -> UnitResult:
    base = values_of(points_of(line.pilot_round, line.kind).rule, line.sheet_items.all())
    save_sheet(result=line, values=values, base=base, by=by or editor_of(line))
    return fresh(line)


def submit(line: UnitResult, values=COMPLETE) -> UnitResult:
    fill(line, values)
    return take_sheet_step(result=line, step_name="submit", by=leader_of(line))


def confirm(line: UnitResult, by: User, **corrected) -> UnitResult:
    return take_sheet_step(
        result=line,
        step_name="confirm",
        by=by,
        seen=version_of(fresh(line)),
        corrected=corrected or None,
    )


def send_back(line: UnitResult, by: User, note="Thiếu minh chứng mục 1.") -> UnitResult:
    return take_sheet_step(result=line, step_name="return", by=by, note=note)


def attach(line: UnitResult, code="1", words="kế hoạch", **fields) -> SheetEvidence:
    return add_sheet_file(
        result=line,
        code=code,
        uploaded=samples.upload(samples.pdf(words), f"{words}.pdf"),
        by=fields.pop("by", None) or editor_of(line),
        **fields,
    )
