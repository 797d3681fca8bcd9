"""A row of the trail as it is read: who, when, what, and what each thing was and became."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.formats import date_format

from criteria.measures import assess, read
from criteria.models import Indicator
from evaluations.models import (
    Document,
    DossierAccess,
    Event,
    EvidenceAccess,
    IndicatorAppraisal,
    IndicatorResult,
    SessionItem,
)
from evaluations.models.dossiers import EXTENSION, FIGURES
from evaluations.trail.kinds import READING, STEP, WORDS, word_for
from evaluations.workflow import INSPECTION_FED
from organisations.models import User

# Saves of one person on one indicator with less between them are one go.
ONE_GO = timedelta(minutes=30)
NOTHING = "để trống"
# What a later version of the code may no longer know by name is still never told in English.
UNNAMED = "Nội dung khác"
AS_DECLARED = "như đơn vị khai"
NO_VERDICT = "chưa có"
DECLARED = {"yes": "Đạt", "no": "Chưa đạt"}
TICKED = {"yes": "có", "": "không"}
DAYS = {"issued_on", "until"}
LABELS = {
    "met": "Tự đánh giá",
    "not_applicable": "Đề nghị không áp dụng",
    "appraisal": "Kết luận",
    "verdict": "Kết luận",
    "figure": "Số liệu",
}
VERDICTS = {value: label.lower() for value, label in IndicatorAppraisal.Verdict.choices}


@dataclass(frozen=True)
class Change:
    """One thing that was stated otherwise, in words; `field` tells which."""

    field: str
    label: str
    old: str
    new: str


@dataclass(frozen=True)
class Line:
    """One line of the trail."""

    at: datetime
    by: User
    kind: str
    word: str  # the group it belongs to
    code: str  # the indicator it is about, where it is about one
    text: str
    note: str = ""
    changes: tuple[Change, ...] = ()
    asides: tuple[str, ...] = ()
    since: datetime | None = None  # of several saves at one go, the first

    @property
    def clock(self) -> str:
        """ "16:05"; of several saves the first and the last."""
        times = [timezone.localtime(each) for each in (self.since, self.at) if each]
        return "–".join(dict.fromkeys(f"{each:%H:%M}" for each in times))


def line_of_event(event: Event, indicators: Mapping[str, Indicator]) -> Line:
    code = str(event.detail.get("indicator", ""))
    changes = tuple(changes_of(event, indicators.get(code)))
    return Line(
        at=event.at,
        by=event.by,
        kind=event.kind,
        word=word_for(event.kind),
        code=code,
        text=_without(changes, event.text),
        note=event.note,
        changes=changes,
        asides=tuple(asides_of(event.detail)),
    )


def _without(changes: tuple[Change, ...], text: str) -> str:
    """What stands below as old and new is not said twice."""
    for change in changes:
        text = text.removesuffix(f", {change.old} → {change.new}")
    return text


def line_of_session(item: SessionItem) -> Line:
    """What the council concluded, told when its session was closed, by who closed it."""
    session = item.session
    # Level 0 is not a level that the council found but its refusal.
    level = f"mức độ {item.concluded_level}" if item.concluded_level else "không công nhận"
    votes = f"{item.votes_for or 0} phiếu đồng ý với kết luận, {item.votes_against or 0} không"
    text = f"Hội đồng họp ngày {date_format(session.held_on)}: kết luận {level}; {votes}"
    return Line(
        session.closed_at, session.closed_by, "session", WORDS[STEP], "", text, item.conclusion
    )


def line_of_file(access: EvidenceAccess) -> Line:
    stored = access.stored_file
    paper = stored.document.number or stored.document.summary
    text = f"{access.get_kind_display()} tệp “{stored.original_name}” của văn bản {paper}"
    return Line(access.at, access.by, access.kind, WORDS[READING], "", text)


def line_of_fetching(access: DossierAccess) -> Line:
    text = f"{access.get_kind_display()}: {access.what}"
    return Line(access.at, access.by, access.kind, WORDS[READING], "", text)


def folded(lines: list[Line]) -> list[Line]:
    """Saves that follow one another at one go as one line, from the first old to the last new.

    `lines` come newest first, and so do those that are given back. What was typed and taken out
    again within the same go is left out; each save by itself is in the file.
    """
    found: list[Line] = []
    for line in lines:
        if found and _is_one_go(found[-1], line):
            found[-1] = _joined(older=line, newer=found[-1])
        else:
            found.append(line)
    return found


def _is_one_go(newer: Line, older: Line) -> bool:
    same = newer.kind == older.kind == FIGURES
    same = same and (newer.by, newer.code) == (older.by, older.code)
    return same and (newer.since or newer.at) - older.at < ONE_GO


def _joined(*, older: Line, newer: Line) -> Line:
    became = {change.field: change for change in newer.changes}
    first = {change.field: change for change in older.changes}
    joined = [replace(became.get(name, change), old=change.old) for name, change in first.items()]
    joined += [change for name, change in became.items() if name not in first]
    return replace(
        newer,
        changes=tuple(change for change in joined if change.old != change.new),
        since=older.since or older.at,
    )


def changes_of(event: Event, indicator: Indicator | None) -> Iterator[Change]:
    detail = event.detail
    for name in ("changes", "replaced"):
        told = detail.get(name, {})
        for field in sorted(told, key=lambda field: _place(field, indicator)):
            said, label = told[field], label_of(field, indicator)
            yield Change(field, label, shown_of(field, said["old"]), shown_of(field, said["new"]))
    old, new = detail.get("old"), detail.get("new")
    if isinstance(old, dict) and isinstance(new, dict) and event.kind == INSPECTION_FED:
        yield from _verdict_changes(old, new, indicator)
    elif isinstance(old, dict) and isinstance(new, dict):
        for field in sorted(new, key=lambda field: _place(field, indicator)):
            label = label_of(field, indicator)
            yield Change(field, label, shown_of(field, old.get(field)), shown_of(field, new[field]))
    elif old is not None and new is not None:
        yield Change("", "", shown_of("", old), shown_of("", new))
    if event.kind == EXTENSION:
        days = [shown_of("until", detail.get(name)) for name in ("before", "until")]
        yield Change("until", "Hạn", *days)


def _verdict_changes(old: Mapping, new: Mapping, indicator: Indicator | None) -> Iterator[Change]:
    """The Sở's column of one indicator before and after: the verdict, and the figures."""
    said = [shown_of("verdict", each.get("verdict")) for each in (old, new)]
    yield Change("verdict", LABELS["verdict"], *said)
    yield Change("figure", LABELS["figure"], *(_figure(each, indicator) for each in (old, new)))


def _figure(said: Mapping, indicator: Indicator | None) -> str:
    """ "21/30", as it was written down or, by older lines, as it was typed."""
    if said.get("figure"):
        return str(said["figure"])
    typed = said.get("typed") or {}
    if indicator is None or not any(typed.values()):
        return AS_DECLARED
    assessment = assess(indicator.measure, read(indicator.measure, typed).entry)
    return assessment.figure or assessment.shown or NOTHING


def _place(field: str, indicator: Indicator | None) -> tuple[int, str]:
    """In the order of the form: PostgreSQL gives the keys of a JSON object in one of its own."""
    typed = [each.name for each in indicator.measure.fields] if indicator else []
    order = ["met", *typed, "not_applicable"]
    return (order.index(field) if field in order else len(order), field)


def label_of(field: str, indicator: Indicator | None) -> str:
    if indicator is not None:
        for each in indicator.measure.fields:
            if each.name == field:
                part = each.part if each.part and each.part not in each.label else ""
                return f"{part}: {each.label}" if part else each.label
    if field in LABELS:
        return LABELS[field]
    for model in (IndicatorResult, Document):
        names = {each.name: str(each.verbose_name) for each in model._meta.fields}
        if field in names:
            return names[field][:1].upper() + names[field][1:]
    return UNNAMED


def shown_of(field: str, value) -> str:
    if field == "met":
        return DECLARED.get(value, NOTHING)
    if field == "verdict":
        return VERDICTS.get(value, NO_VERDICT)
    if field == "not_applicable":
        return TICKED.get(value or "", str(value))
    if field == "suitability" and value:
        return str(dict(IndicatorResult.Suitability.choices).get(value, value))
    if isinstance(value, bool):
        return "có" if value else "không"
    if isinstance(value, list):
        value = dict(enumerate(value))
    if isinstance(value, Mapping):
        return (
            "; ".join(shown_of(str(name), each) for name, each in value.items() if each) or NOTHING
        )
    if value in (None, ""):
        return NOTHING
    if field in DAYS:
        return date_format(value if isinstance(value, date) else parse_date(value))
    return str(value)


def asides_of(detail: Mapping) -> Iterator[str]:
    """What a step says beside its reason: the requests sent, the reasons given, the level found."""
    for asked in detail.get("asked", ()):
        yield f"{asked['indicator']}: {asked['reason']}"
    for doubt in detail.get("confirmed_doubts", ()):
        yield f"{doubt['text']} Lý do: {doubt['reason']}"
    if sentence := detail.get("sentence"):
        yield sentence
