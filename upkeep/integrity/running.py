"""One check of everything, recorded."""

from collections import Counter
from collections.abc import Callable
from datetime import date

from upkeep.integrity import faults
from upkeep.models import UpkeepRun
from upkeep.recording import Record, recorded


def check_integrity(tell: Callable[[str], object], night: date | None = None) -> Record:
    """All checks; each fault is told as it is found, and a row says how it went. Raises
    TakenTonight where there is one of that `night`."""
    seen: Counter[str] = Counter()
    with recorded(UpkeepRun.Kind.INTEGRITY, night=night) as record:
        record.settle_earlier()  # two at once do no harm: either says at its end how it went
        for fault in faults(seen=seen):
            record.add(fault)
            tell(fault)
        looked_at = ", ".join(f"{count} {noun}" for noun, count in seen.items())
        record.summary = f"Đã xem {looked_at}." if looked_at else "Chưa có gì để xem."
    return record
