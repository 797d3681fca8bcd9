"""The table at the end: one line for each kind of fault."""

from collections.abc import Sequence

from tests.chaos.journal import Activity, Journal, Told
from tests.chaos.kinds import Kind
from tests.chaos.rounds import Run, told_row

HEAD = ("loại", "vòng", "đang gửi", "ghi", "báo đã lưu", "từ chối", "không rõ", "chạy lại", "mất")


NAMES = {
    Activity.AUTOSAVE: "tự lưu",
    Activity.UPLOAD: "tải tệp",
    Activity.STEP: "gửi, rút, trả, kết thúc, xác nhận",
    Activity.DECISION: "ghi quyết định thay",
    Activity.REPORT: "đặt báo cáo",
}


def show_activities(journal: Journal) -> str:
    """What people were at, all rounds together: sent, and said to be saved."""
    said = []
    for activity, name in NAMES.items():
        sent = journal.of(activity)
        saved = sum(entry.told == Told.SAVED for entry in sent)
        said.append(f"{name} {saved}/{len(sent)}")
    return f"Báo đã lưu trên đã gửi: {'; '.join(said)}"


def show(run: Run, kinds: Sequence[Kind]) -> str:
    """Markdown, as it goes into README."""
    lines = [HEAD, ("---",) * len(HEAD)]
    totals = [0] * 7
    for kind in kinds:
        tally = run.tallies.get(kind.name)
        if tally is None:
            continue
        numbers = [tally.rounds, tally.in_flight, *told_row(tally), len(tally.lost)]
        totals = [a + b for a, b in zip(totals, numbers, strict=True)]
        slowest = f"≤ {max(tally.recovery):.1f} s"
        lines.append((kind.label, *map(str, numbers[:-1]), slowest, str(numbers[-1])))
    lines.append(("cộng", *map(str, totals[:-1]), "", str(totals[-1])))
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
