"""“Cần chú ý”: what a person at the Sở should look at, found in the data."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse

from evaluations.board.rows import Cell, Row
from evaluations.determination import Line
from evaluations.duties.shapes import level_words
from evaluations.feasibility import best_share
from evaluations.models import IndicatorResult, PilotRound
from evaluations.unit_lists import Changes


@dataclass(frozen=True)
class Link:
    label: str
    url: str


@dataclass(frozen=True)
class Remark:
    """One thing that a person at the Sở should look at, found in the data."""

    subject: str
    text: str
    links: tuple[Link, ...]


def remarks_on(
    pilot_round: PilotRound,
    rows: Sequence[Row],
    changed_lists: Mapping[int, Sequence[Changes]],
) -> Iterable[Remark]:
    best = best_share(pilot_round)
    if best.is_impossible:
        readings = f"{pilot_round.get_absolute_url()}#cach-hieu"
        yield Remark("2.1.2 của thành phố", best.sentence, (Link("Cách hiểu của đợt", readings),))
    late = [row for row in rows if row.turn.is_late]
    if late:
        said = ", ".join(f"{row.name} {row.turn.due_text}" for row in late)
        dossiers = tuple(Link(f"Hồ sơ {row.name}", row.url) for row in late if row.url)
        yield Remark("Quá hạn:", f"{said}.", dossiers)
    for row in rows:
        if row.is_concluded and row.self_level != row.appraised_level:
            yield _level_changed(row)
    for row in rows:
        for changes in changed_lists.get(row.evaluation.pk, ()):
            yield _list_changed(row, changes)
    yield from _unfit(rows)


def _list_changed(row: Row, changes: Changes) -> Remark:
    line = changes.line
    assert line.counted is not None
    figure, now = line.self_assessed.figure, f"{line.counted.good}/{line.counted.in_scope}"
    said = f"danh sách của {line.code} đã thay đổi từ khi gửi, {len(changes.units)} đơn vị"
    counted = f"; {figure} đã gửi, nay đếm được {now}" if now != figure else ""
    url = reverse("evaluations:counted-units", args=[row.evaluation.pk, line.code])
    return Remark(f"{row.name}:", f"{said}{counted}.", (Link("Xem chỗ thay đổi", url),))


def _level_changed(row: Row) -> Remark:
    assert row.finding is not None
    changed = [line for line in row.finding.lines if line.differs]
    said = "; ".join(_adjusted(line) for line in changed)
    levels = f"{level_words(row.self_level)} thành {level_words(row.appraised_level)}"
    how = f"Sở điều chỉnh {said}; " if said else ""
    return Remark(f"{row.name}:", f"{how}tự đánh giá {levels}.", (Link("Xem lý do", row.url),))


def _adjusted(line: Line) -> str:
    """ "2.1.2 còn 29/37 = 78,4 %"."""
    figure, shown = line.appraised.figure, line.appraised.shown
    became = " = ".join(each for each in (figure, shown) if each)
    verb = "còn" if line.is_lower else "thành"
    return f"{line.code} {verb} {became or line.appraised_verdict.word.lower()}"


def _unfit(rows: Sequence[Row]) -> Iterable[Remark]:
    """Indicators that districts call unfit: what the pilot is there to find out."""
    by_code: dict[str, list[tuple[Row, Line, Cell]]] = {}
    for row in rows:
        for line, cell in zip(row.finding.lines if row.finding else (), row.cells, strict=True):
            if line.result.suitability == IndicatorResult.Suitability.UNFIT:
                by_code.setdefault(line.code, []).append((row, line, cell))
    for code, found in by_code.items():
        names = ", ".join(row.name for row, _, _ in found)
        first = found[0][1].result
        reason = first.obstacle or first.proposal
        said = "ghi “không phù hợp”" if len(found) == 1 else "đều ghi “không phù hợp”"
        links = tuple(Link(f"Kiến nghị của {row.name}", cell.url) for row, _, cell in found)
        yield Remark(f"{code} ở {names}:", f"{said}{f': {reason}' if reason else '.'}", links)
