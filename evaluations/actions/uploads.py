"""Verbs on an uploaded workbook of results: take it in, apply it, drop it.

The file is read and checked before anything is locked. What it says is kept as it was read and
checked again, under the guard, when it is applied: between the two the register may have changed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import uuid4

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils import timezone

from evaluations.actions.guard import Closed, locked_for_register, locked_lines
from evaluations.actions.registers import enter_units
from evaluations.actions.titles import write_titles
from evaluations.actions.unit_results import FILLED_IT, filled_by, write_lines
from evaluations.models import PilotRound, ResultUpload, UnitResult
from evaluations.permissions import can_keep_register
from evaluations.scanning import scan
from evaluations.storage import sha256_of, stored
from evaluations.validators import XLSX, clean_name
from evaluations.workbook.checking import Checked, Entry, check
from evaluations.workbook.differences import SheetDifferences, differences
from evaluations.workbook.errors import CellError
from evaluations.workbook.layout import MAX_BYTES, TOO_LARGE
from evaluations.workbook.reading import read_workbook, stored_workbook
from evaluations.workbook.register import Register, lines_of, load_register
from organisations.models import Organisation, User
from organisations.spreadsheets import UnreadableFile

Status = ResultUpload.Status
WAITING = (Status.FAULTY, Status.READY)


class AlreadySettled(Exception):
    """The workbook was applied or dropped before; nothing was done a second time."""


class RegisterChanged(Exception):
    """The register is not as it was when the differences were shown; nothing was written."""


@dataclass(frozen=True)
class Compared:
    """A workbook against the register as it is now."""

    register: Register
    checked: Checked

    @property
    def differences(self) -> tuple[SheetDifferences, ...]:
        return differences(self.checked.entries, self.register)


def take_in_upload(
    *, pilot_round: PilotRound, owner: Organisation, year: int, uploaded: File, by: User
) -> ResultUpload:
    """Keep a workbook with its errors, or with what it says; an earlier one of its own is dropped.

    Raises `UnreadableFile` for what cannot be read at all, `scanning.Infected`,
    `scanning.ScannerSilent`, `storage.StorageRefuses`; `guard.Closed` for who keeps no such
    register.
    """
    if not can_keep_register(by, pilot_round, owner):
        raise Closed
    if uploaded.size > MAX_BYTES:
        raise UnreadableFile(TOO_LARGE)
    register = _register_for(by, pilot_round, owner, year)
    workbook, checked = read_and_check(uploaded.read(), register)
    uploaded.seek(0)
    scan(uploaded)
    errors = [error.stored() for error in checked.errors]
    rows = {} if errors else {sheet.layout.key: sheet.stored() for sheet in workbook.sheets}
    with stored(f"nap-ket-qua/{uuid4().hex}", uploaded) as path, transaction.atomic():
        locked_for_register(pilot_round, owner, by)
        for earlier in ResultUpload.objects.filter(
            pilot_round=pilot_round, owner=owner, year=year, by=by, status__in=WAITING
        ):
            _settle(earlier, Status.DROPPED)
        return ResultUpload.objects.create(
            pilot_round=pilot_round,
            owner=owner,
            year=year,
            status=Status.FAULTY if errors else Status.READY,
            file=path,
            original_name=clean_name(uploaded.name or "", XLSX),
            sha256=sha256_of(uploaded),
            errors=errors,
            rows=rows,
            by=by,
        )


def read_and_check(content: bytes, register: Register):
    """What a workbook says and everything that is wrong with it. Raises UnreadableFile."""
    workbook = read_workbook(content, register)
    return workbook, check(workbook, register, _elsewhere(register), timezone.localdate())


def compare(upload: ResultUpload, register: Register | None = None) -> Compared:
    """A workbook that is ready, against the register as it is."""
    if register is None:
        register = _register_for(upload.by, upload.pilot_round, upload.owner, upload.year)
    workbook = stored_workbook(upload.rows, register)
    checked = check(workbook, register, _elsewhere(register), timezone.localdate())
    return Compared(register, checked)


def errors_of(upload: ResultUpload) -> list[CellError]:
    """What was found on reading."""
    return [CellError(**error) for error in upload.errors]


@transaction.atomic
def apply_upload(*, upload: ResultUpload, seen: str, by: User) -> tuple[SheetDifferences, ...]:
    """Write what a workbook says into the registers; all of it, once, and as it was shown.

    `seen` is the fingerprint of the register that the person saw the differences from. Gives what
    was done. Raises AlreadySettled, RegisterChanged, `guard.Closed`.
    """
    locked_for_register(upload.pilot_round, upload.owner, by)
    upload = ResultUpload.objects.select_related("pilot_round", "owner").get(pk=upload.pk)
    if not _settle(upload, Status.APPLIED, was=(Status.READY,), by=by, seen_state=seen):
        raise AlreadySettled
    compared = compare(upload, _locked_register(upload, by))
    if compared.register.fingerprint != seen or compared.checked.errors:
        raise RegisterChanged
    done = compared.differences
    _write(upload, done, by)
    return done


@transaction.atomic
def drop_upload(*, upload: ResultUpload, by: User) -> None:
    """Let go of a workbook and its file. Raises AlreadySettled."""
    if not _settle(upload, Status.DROPPED, was=WAITING, by=by):
        raise AlreadySettled


def _settle(upload: ResultUpload, status: Status, *, was=WAITING, **fields) -> bool:
    """Move a workbook on, if nobody did before, and take its file away once that is certain."""
    by = fields.pop("by", upload.by)
    name = upload.file.name
    applied_at = timezone.now() if status == Status.APPLIED else None
    moved = ResultUpload.objects.filter(pk=upload.pk, by=by, status__in=was).update(
        status=status, applied_at=applied_at, file="", errors=[], rows={}, **fields
    )
    if moved:
        transaction.on_commit(lambda: default_storage.delete(name))
    return bool(moved)


def _register_for(by: User, pilot_round: PilotRound, owner: Organisation, year: int) -> Register:
    """The register as it is, for what this person may write in it."""
    return _closed_to(by, list(lines_of(pilot_round, owner, year)), pilot_round, owner, year)


def _locked_register(upload: ResultUpload, by: User) -> Register:
    """The same with every one of its lines held until the transaction ends."""
    register = (upload.pilot_round, upload.owner, upload.year)
    keys = list(lines_of(*register).values_list("pk", flat=True))
    lines = locked_lines(keys, by)
    prefetch_related_objects(lines, "titles")
    return _closed_to(by, lines, *register)


def _closed_to(by: User, lines: list[UnitResult], *register) -> Register:
    closed = dict.fromkeys(filled_by(by, lines), FILLED_IT)
    return load_register(*register, lines=lines, closed=closed)


def _write(upload: ResultUpload, done: tuple[SheetDifferences, ...], by: User) -> None:
    wanted = [each.entry for sheet in done for each in (*sheet.new, *sheet.changed)]
    lines = _lines_by_unit(upload, wanted, by)
    results, titles = [], []
    for entry in wanted:
        line = lines[entry.unit.pk if entry.unit else entry.name]
        (results if entry.layout.has_results else titles).append((line, entry.typed))
    problems = [*write_lines(results, by=by).values(), *write_titles(titles, by=by).values()]
    if any(problems):
        raise RegisterChanged


def _lines_by_unit(
    upload: ResultUpload, wanted: list[Entry], by: User
) -> Mapping[int | str, UnitResult]:
    """The held lines of what is to be written, by unit or by new name; entered where not there."""
    names = [entry.name for entry in wanted if entry.unit is None]
    entered = {entry.unit.pk for entry in wanted if entry.unit and entry.unit.line is None}
    new = enter_units(
        pilot_round=upload.pilot_round,
        owner=upload.owner,
        names=names,
        known=list(Organisation.objects.filter(pk__in=entered)),
        since=date(upload.year, 1, 1),
        by=by,
    )
    units = {entry.unit.pk for entry in wanted if entry.unit} | {unit.pk for unit in new}
    keys = UnitResult.objects.filter(
        pilot_round=upload.pilot_round, owner=upload.owner, year=upload.year, unit__in=units
    ).values_list("pk", flat=True)
    lines = {line.unit_id: line for line in locked_lines(list(keys), by)}
    return lines | {unit.name: lines[unit.pk] for unit in new}


def _elsewhere(register: Register):
    """Whose a code is that none of the owner's units has: of that year, else of any other."""

    def find(codes: set[str]) -> Mapping[str, Organisation]:
        found = Organisation.objects.filter(code__in=codes).select_related("parent")
        on = date(register.pilot_round.year, 12, 31)
        by_code: dict[str, Organisation] = {}
        for unit in found.order_by("valid_from"):
            is_of_year = unit.valid_from <= on and (unit.valid_to is None or unit.valid_to >= on)
            if is_of_year or unit.code not in by_code:
                by_code[unit.code] = unit
        return by_code

    return find
