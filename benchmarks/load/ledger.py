"""What was asked and what was answered: times by kind, faults, and every write that was sent."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Sample:
    """One answered request: when it was sent, and how long it took, in seconds."""

    kind: str
    at: float
    seconds: float


@dataclass(frozen=True)
class Write:
    """One text sent for one field: what the page showed before, what was typed.

    Not acknowledged, where the answer never came: it may be stored or not.
    """

    base: str
    value: str
    is_acknowledged: bool = True


@dataclass(frozen=True)
class Place:
    """A field of a row, by the name of its table and the row's key."""

    table: str
    pk: int
    field: str


@dataclass(frozen=True)
class SentFile:
    """An upload that was acknowledged."""

    evaluation: int
    code: str
    sha256: str


@dataclass
class Ledger:
    samples: list[Sample] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    conflicts: Counter[str] = field(default_factory=Counter)  # told to the second of two, by kind
    writes: dict[Place, list[Write]] = field(default_factory=lambda: defaultdict(list))
    files: list[SentFile] = field(default_factory=list)

    def between(self, start: float, end: float) -> dict[str, list[float]]:
        """The seconds of what was sent in that time, by kind."""
        found: dict[str, list[float]] = defaultdict(list)
        for sample in self.samples:
            if start <= sample.at < end:
                found[sample.kind].append(sample.seconds)
        return found


def lost(writes: Iterable[Write], stored: str) -> str:
    """What is wrong with what became of one field; nothing where no acknowledged write is lost.

    Every text was typed only once. An answer that took a text says that the field still held
    what its writer saw, so the acknowledged writes form one chain that ends in what is stored: a
    link that two share, or one that nothing leads to, is a write that went over another's head.
    """
    writes = list(writes)
    acknowledged = [each for each in writes if each.is_acknowledged]
    after: dict[str, str] = {}
    for each in acknowledged:
        if each.base in after:
            return f"“{after[each.base]}” và “{each.value}” cùng thay “{each.base}”"
        after[each.base] = each.value
    for each in writes:
        after.setdefault(each.base, each.value)
    reached = set(after.values())
    starts = [base for base in after if base not in reached]
    if not starts:
        return "" if not acknowledged else "không có bản đầu tiên"
    text, seen = starts[0], set()
    while text != stored and text in after:
        text = after[text]
        seen.add(text)
    if text != stored:
        return f"đang lưu “{stored}”, bản cuối được báo đã lưu là “{text}”"
    missed = [each.value for each in acknowledged if each.value not in seen]
    return f"mất “{missed[0]}”" if missed else ""


def percentile(values: list[float], share: int) -> float:
    """The smallest of the values that so many percent of them do not exceed."""
    ordered = sorted(values)
    return ordered[max(-(-len(ordered) * share // 100), 1) - 1]
