"""Is everything there, and as it was: every check by its name, and one way to run them."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from evaluations.moment import one_moment
from upkeep.integrity.database import database_faults
from upkeep.integrity.files import changed_files, orphan_files
from upkeep.integrity.frozen import frozen_faults
from upkeep.integrity.rows import row_faults
from upkeep.integrity.stuck import stuck_runs
from upkeep.integrity.trails import trail_faults

# What a check counts while it looks, in words: "tệp", "bản chụp hồ sơ".
Seen = Counter[str]


@dataclass(frozen=True)
class Check:
    """One look at all there is; gives a sentence for each fault."""

    title: str
    look: Callable[[Seen], Iterator[str]]
    at_one_moment: bool = True  # else it asks again before it calls anything a fault


CHECKS = {
    "database": Check("Cơ sở dữ liệu", database_faults),
    "trails": Check("Quá trình", trail_faults),
    "frozen": Check("Bản chụp và mức độ đã chốt", frozen_faults),
    "rows": Check("Nội dung đã gửi", row_faults),
    "files": Check("Tệp", changed_files, at_one_moment=False),
    "orphans": Check("Tệp không ai dùng", orphan_files, at_one_moment=False),
    "runs": Check("Việc bị kẹt", stuck_runs),
}
# What a restored installation must show at once: what waited, waits there for its worker.
OF_THE_DATA = tuple(name for name in CHECKS if name != "runs")


def faults(names: Iterable[str] = tuple(CHECKS), seen: Seen | None = None) -> Iterator[str]:
    """A Vietnamese sentence for each fault, check after check; none where all is well."""
    seen = Counter() if seen is None else seen
    for check in (CHECKS[name] for name in names):
        try:
            for fault in _found_by(check, seen):
                yield f"{check.title}: {fault}"
        except OSError as error:
            yield f"{check.title}: chưa kiểm tra hết, nơi lưu trữ không đọc được ({error})"


def _found_by(check: Check, seen: Seen) -> Iterable[str]:
    if not check.at_one_moment:
        return check.look(seen)
    with one_moment():
        return list(check.look(seen))
