"""Whose turn it is, since when, and by when: the arithmetic of waiting and being late.

Plain dates in, plain words out; "today" is always given, so that a test can choose it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from evaluations.models import Evaluation, IndicatorAppraisal, IndicatorResult
from evaluations.workflow import Party, Status


@dataclass(frozen=True)
class Turn:
    """One dossier's move: the party it waits for, and both its clocks."""

    holder: Party
    since: date
    due_on: date | None
    today: date

    @property
    def days_waiting(self) -> int:
        return max(0, (self.today - self.since).days)

    @property
    def days_late(self) -> int:
        """The due day itself is in time."""
        return max(0, (self.today - self.due_on).days) if self.due_on else 0

    @property
    def is_late(self) -> bool:
        return self.days_late > 0

    @property
    def waiting_text(self) -> str:
        return f"{self.days_waiting} ngày" if self.days_waiting else "từ hôm nay"

    @property
    def due_text(self) -> str:
        """ "muộn 1 ngày", "còn 4 ngày"; empty where no date is set."""
        if self.due_on is None:
            return ""
        if self.is_late:
            return f"muộn {self.days_late} ngày"
        days_left = (self.due_on - self.today).days
        return f"còn {days_left} ngày" if days_left else "hạn là hôm nay"


def turn_of(evaluation: Evaluation, today: date) -> Turn:
    return Turn(
        holder=evaluation.holder,
        since=timezone.localdate(evaluation.status_since),
        due_on=evaluation.due_on,
        today=today,
    )


@dataclass(frozen=True)
class ResultTurn:
    """Who has one indicator of a dossier, and since when; `settled` instead where nobody has."""

    holder_name: str
    since: date
    today: date
    settled: str = ""

    @property
    def text(self) -> str:
        """ "Đến lượt huyện Vĩnh Bảo, từ 20/11 (2 ngày)"."""
        if not self.holder_name:
            return self.settled
        days = (self.today - self.since).days
        waited = f"{days} ngày" if days > 0 else "từ hôm nay"
        return f"Đến lượt {self.holder_name}, từ {self.since:%d/%m} ({waited})"


def turn_of_result(
    result: IndicatorResult,
    today: date,
    *,
    asks: Collection[int] = (),
    appraisal: IndicatorAppraisal | None = None,
) -> ResultTurn:
    """`asks` has the keys of the results about which more was asked; `appraisal` is the verdict
    that this reader may know of, None where there is none or it is not theirs to read."""
    evaluation = result.evaluation
    since = timezone.localdate(evaluation.status_since)
    part = result.assigned
    if evaluation.holder == Party.UNIT and part is not None and part.agency_id:
        holder = evaluation.holder_name if part.is_handed_over else part.agency.name_in_sentence
        return ResultTurn(holder, timezone.localdate(part.since), today)
    if evaluation.status == Status.RETURNED and asks and result.pk not in asks:
        said = f"{evaluation.appraised_by} giữ kết luận, đơn vị không phải làm gì ở chỉ báo này"
        return ResultTurn("", since, today, settled=said)
    is_concluded = appraisal is not None and appraisal.verdict != IndicatorAppraisal.Verdict.ASK
    if evaluation.status == Status.APPRAISING and is_concluded:
        decided = timezone.localdate(appraisal.decided_at)
        said = f"{evaluation.appraised_by} đã kết luận ngày {decided:%d/%m}"
        return ResultTurn("", decided, today, settled=said)
    return ResultTurn(evaluation.holder_name, since, today)
