"""Every report frozen and built, a workbook read and applied, all levels found, at both sizes."""

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from io import BytesIO

from django.db import transaction
from django.utils import timezone

from benchmarks.country.comparing import compare
from benchmarks.country.findings import Compared, keep, worst_first
from benchmarks.country.steps.build import say
from benchmarks.country.steps.pages import line_of
from benchmarks.country.switching import CITY, COUNTRY, Places
from evaluations.actions.uploads import apply_upload, read_and_check
from evaluations.determination import Finding, find
from evaluations.models import Evaluation, PilotRound, ResultUpload
from evaluations.moment import one_moment
from evaluations.reminders import Due, due_today, owed
from evaluations.workbook.register import load_register
from evaluations.workbook.template import template
from reports.definitions import REPORTS, Report, Takes
from reports.renderers import RENDERERS, Stamp
from tests.reports.every_report import DOSSIERS, SESSIONS, SETS

Call = Callable[[], object]
EACH = "mỗi "


def run(places: Places) -> int:
    only, rows = os.environ.get("COUNTRY_ONLY", ""), []
    for group, name, what, make in _work(places):
        if only not in f"{group} {name}":
            continue
        calls = {}
        for place in (CITY, COUNTRY):
            with places.at(place):
                calls[place] = make()
        row = compare(places, calls, group=group, name=name, what=what)
        if name.startswith(EACH):
            row = _of_each(places, calls, row)
        rows.append(row)
        say(line_of(row))
        keep("reports", rows)
    missed = [row for row in worst_first(rows) if not row.is_met]
    say(f"\n{len(rows)} việc; chưa đạt {len(missed)}")
    return len(missed)


Work = tuple[str, str, str, Callable[[], Call]]


def _work(places: Places) -> Iterator[Work]:
    """What to do: its group, its name, on what, and what makes the call in the place of now."""
    with places.at(CITY):
        subjects = [(report, *each) for report in REPORTS.values() for each in _subjects(report)]
        contents = {
            (report.slug, about): _through_json(_frozen(report, pk))
            for report, about, pk in subjects
        }
    for report, about, pk in subjects:
        yield "chốt nội dung", report.slug, about, lambda r=report, k=pk: partial(_frozen, r, k)
    yield "nạp Excel", "tạo mẫu", "sổ đăng ký An Dương", lambda: partial(_template)
    yield "nạp Excel", "đọc và kiểm tra", "sổ đăng ký An Dương", _checking
    yield "nạp Excel", "ghi", "sổ đăng ký An Dương", lambda: _apply_and_undo
    yield "xét mức độ", "cả đợt của một tỉnh", "năm 2026", lambda: partial(_levels, most=1)
    # Of these the country has more to do: told of each thing.
    yield "xét mức độ", f"{EACH}hồ sơ, mọi tỉnh", "năm 2026", lambda: _levels
    yield "nhắc hạn", f"{EACH}lời nhắc, mọi tỉnh", "08/12/2026", lambda: _reminders
    # Building asks no database: of one subject of each report.
    first = {report.slug: (report, about) for report, about, _ in reversed(subjects)}
    for report, about in first.values():
        for file_type in report.formats:
            call = partial(_built, report, contents[report.slug, about], file_type)
            yield f"dựng {file_type}", report.slug, about, lambda c=call: c


def _of_each(places: Places, calls: dict[str, Call], row: Compared) -> Compared:
    """The call gives a list: the time is that of one of it."""
    counts = {}
    for place, call in calls.items():
        with places.at(place):
            counts[place] = len(call())
    return replace(
        row,
        what=f"{row.what}: {counts[CITY]} và {counts[COUNTRY]}",
        city_seconds=row.city_seconds / counts[CITY],
        country_seconds=row.country_seconds / counts[COUNTRY],
    )


def _subjects(report: Report) -> list[tuple[str, int]]:
    """As the tests of every report choose them."""
    pilot_round = PilotRound.objects.get(is_practice=True)
    if report.takes == Takes.DOSSIER:
        dossiers = pilot_round.evaluations
        return [(code, dossiers.get(unit__code=code).pk) for code in DOSSIERS.get(report.slug, ())]
    if report.takes == Takes.SESSION:
        planned, held = pilot_round.sessions.all()
        keys = {"planned": planned.pk, "held": held.pk}
        return [(about, keys[about]) for about in SESSIONS[report.slug]]
    if report.takes == Takes.SET:
        return [(each.code, each.pk) for each in report.all_subjects().filter(code__in=SETS)]
    return [("cả đợt", pilot_round.pk)]


def _frozen(report: Report, pk: int) -> dict:
    with one_moment():
        return report.content(report.all_subjects().get(pk=pk))


def _through_json(content: dict) -> dict:
    return json.loads(json.dumps(content, default=str))


def _built(report: Report, content: dict, file_type: str) -> None:
    stamp = Stamp(timezone.now(), "0" * 64, 1)
    RENDERERS[file_type].write(report, content, stamp, lambda word: None, BytesIO())


def _upload() -> ResultUpload:
    return ResultUpload.objects.select_related("pilot_round", "owner", "by").get(status="ready")


def _template() -> bytes:
    upload = _upload()
    return template(load_register(upload.pilot_round, upload.owner, upload.year))


def _checking() -> Call:
    content, upload = _template(), _upload()
    return lambda: read_and_check(
        content, load_register(upload.pilot_round, upload.owner, upload.year)
    )


def _apply_and_undo() -> None:
    upload = _upload()
    with transaction.atomic():
        register = load_register(upload.pilot_round, upload.owner, upload.year)
        apply_upload(upload=upload, seen=register.fingerprint, by=upload.by)
        transaction.set_rollback(True)


def _levels(most: int | None = None) -> list[Finding]:
    rounds = PilotRound.objects.filter(year=2026, is_practice=False).order_by("pk")[:most]
    rows = Evaluation.objects.of_districts().filter(pilot_round__in=list(rounds)).with_results()
    return [find(evaluation) for evaluation in rows]


def _reminders() -> list[Due]:
    return [due for dues in due_today(owed(), date(2026, 12, 8)).values() for due in dues]
