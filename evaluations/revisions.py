"""What a unit changed after its dossier was returned (đã sửa): two submissions, side by side.

`revised(before, after)` compares the contents of two snapshots and asks nothing of the database:
what was submitted is what is compared, whatever was typed in between.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from criteria.measures import Field, Measure
from evaluations.models import Evaluation, IndicatorAppraisal
from evaluations.registers import Difference, differences
from evaluations.snapshots import indicators_in

TEXTS = {
    "source": "Nguồn của tỷ lệ",
    "not_applicable_reason": "Lý do không áp dụng",
    "explanation": "Thuyết minh",
    "suitability_label": "Phù hợp với thực tiễn",
    "obstacle": "Khó khăn, vướng mắc",
    "proposal": "Kiến nghị",
}
DECLARED = {"yes": "Đạt", "no": "Chưa đạt"}


@dataclass(frozen=True)
class Change:
    """One thing that is stated otherwise: its name, what it said, what it says; "" is nothing."""

    label: str
    old: str
    new: str


@dataclass(frozen=True)
class PaperFile:
    """A file of one side of a change, by what it is called there."""

    pk: int
    label: str


@dataclass(frozen=True)
class PaperChange:
    """A citation that was added or taken off, or that cites other files or another page.

    `before` and `name` are what its paper was called and is called; a citation that was added
    was called nothing, and one that was taken off is.
    """

    code: str
    before: str
    name: str
    text: str
    files: tuple[PaperFile, ...]


@dataclass(frozen=True)
class Revision:
    """One indicator that the Sở asked about, or that changed; what was asked and answered."""

    code: str
    short_name: str
    request: str
    reply: str
    changes: tuple[Change, ...]
    papers: tuple[PaperChange, ...]
    units: tuple[Difference, ...]  # of a list that a share is counted from

    @property
    def is_asked(self) -> bool:
        return bool(self.request)

    @property
    def is_changed(self) -> bool:
        return bool(self.changes or self.papers or self.units)


@dataclass(frozen=True)
class Revisions:
    """What is to be looked at again after a resubmission, and which two submissions were read."""

    before: int
    after: int
    each: tuple[Revision, ...]

    @cached_property
    def codes(self) -> tuple[str, ...]:
        return tuple(revision.code for revision in self.each)

    def of(self, code: str) -> Revision | None:
        return next((revision for revision in self.each if revision.code == code), None)


def revisions_since_return(evaluation: Evaluation) -> Revisions | None:
    """What came back after the last return; None where the dossier is not back from one.

    Compared with the submission that the Sở returned: one that the unit took back in between was
    never looked at. Three queries.
    """
    returned_at = evaluation.events.filter(kind="return").values_list("at", flat=True).first()
    if returned_at is None:
        return None
    sent = evaluation.snapshots.submissions().order_by("-number")
    after = sent.filter(taken_at__gt=returned_at).first()
    before = sent.filter(taken_at__lte=returned_at).first()
    if after is None or before is None:
        return None
    return Revisions(before.number, after.number, revised(before.content, after.content))


def revised(before: Mapping, after: Mapping) -> tuple[Revision, ...]:
    """The indicators that were asked about, then the others that changed, as the text orders them.

    Both are contents of `snapshots.dossier_content`; the request is read from the later one, taken
    when the unit had answered it.
    """
    stated = {indicator["code"]: indicator for indicator in indicators_in(before)}
    found = [
        _revision(stated[indicator["code"]], indicator)
        for indicator in indicators_in(after)
        if indicator["code"] in stated
    ]
    worth = [revision for revision in found if revision.is_asked or revision.is_changed]
    return tuple(sorted(worth, key=lambda revision: not revision.is_asked))


def _revision(old: Mapping, new: Mapping) -> Revision:
    appraised = new["appraised"]
    is_asked = appraised is not None and appraised["verdict"] == IndicatorAppraisal.Verdict.ASK
    return Revision(
        code=new["code"],
        short_name=new["short_name"],
        request=appraised["reason"] if is_asked else "",
        reply=new["reply"] if is_asked else "",
        changes=tuple(change for change in _stated(old, new) if change.old != change.new),
        papers=tuple(_papers(old["evidence"], new["evidence"])),
        units=tuple(differences(old.get("units") or (), new.get("units") or ())),
    )


def _stated(old: Mapping, new: Mapping) -> Iterator[Change]:
    """Everything that is stated for an indicator, changed or not: figures as typed, then texts."""
    was, now = old["typed"], new["typed"]
    declared = [DECLARED.get(typed.get("met", ""), "") for typed in (was, now)]
    yield Change("Đơn vị khai", *declared)
    fields = Measure.from_data(new["measure"]).fields
    parts = {field.part for field in fields}
    for field in fields:
        label = _label(field, has_parts=len(parts) > 1)
        yield Change(label, was.get(field.name, ""), now.get(field.name, ""))
    yield Change("Không áp dụng", *(_claimed(typed) for typed in (was, now)))
    outcomes = [_outcome(old), _outcome(new)]
    if outcomes != declared:
        yield Change("Kết quả", *outcomes)
    for name, label in TEXTS.items():
        yield Change(label, old[name], new[name])


def _label(field: Field, *, has_parts: bool) -> str:
    """Told apart by its part, where its own label does not say which."""
    if has_parts and field.part not in field.label:
        return f"{field.part}: {field.label}"
    return field.label


def _claimed(typed: Mapping) -> str:
    return "có" if typed.get("not_applicable") else ""


def _outcome(indicator: Mapping) -> str:
    """ "76,9 %, Mức 1"; of a document only the word."""
    words = (indicator["shown"], indicator["mark"]["word"])
    return ", ".join(word for word in words if word)


def _papers(old: list[dict], new: list[dict]) -> Iterator[PaperChange]:
    """By their codes, which are never given twice."""
    was = {paper["code"]: paper for paper in old}
    now = {paper["code"]: paper for paper in new}
    for code, paper in was.items():
        if code not in now:
            yield PaperChange(code, _name(paper), "", "đã bỏ", _files(paper, "xem bản đã bỏ"))
    for code, paper in now.items():
        if code not in was:
            yield PaperChange(code, "", _name(paper), "mới thêm", _files(paper, "xem"))
        elif said := _how_changed(was[code], paper):
            files = _both_files(was[code], paper)
            yield PaperChange(code, _name(was[code]), _name(paper), "; ".join(said), files)


def _how_changed(old: Mapping, new: Mapping) -> list[str]:
    said = []
    if _revision_of(old) != _revision_of(new):
        said.append(f"thay tệp: bản {_revision_of(old)} → bản {_revision_of(new)}")
    elif more := {file["id"] for file in new["files"]} - {file["id"] for file in old["files"]}:
        said.append(f"thêm {len(more)} tệp")
    if old["cited"] != new["cited"]:
        said.append(f"trích dẫn: {old['cited'] or 'chưa ghi'} → {new['cited'] or 'bỏ trống'}")
    names = ("number", "issued_on", "issuer", "summary")
    if any(old[name] != new[name] for name in names):
        said.append(f"sửa thông tin văn bản, trước là {_name(old)}")
    return said


def _both_files(old: Mapping, new: Mapping) -> tuple[PaperFile, ...]:
    if _revision_of(old) == _revision_of(new):
        return _files(new, "xem")
    return _files(old, f"xem bản {_revision_of(old)}") + _files(new, f"xem bản {_revision_of(new)}")


def _files(paper: Mapping, label: str) -> tuple[PaperFile, ...]:
    """The first file of each: it leads to the page of the paper with all of that revision."""
    return tuple(PaperFile(file["id"], label) for file in paper["files"][:1])


def _revision_of(paper: Mapping) -> int:
    return max((file["revision"] for file in paper["files"]), default=0)


def _name(paper: Mapping) -> str:
    return paper["number"] or paper["summary"]
