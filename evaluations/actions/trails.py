"""Lines of the trails of a dossier and of a unit's result, about one indicator or item."""

from typing import Any

from evaluations.models import Event, IndicatorResult, UnitEvent, UnitResult
from organisations.models import User

LENGTH = 300


def tell(
    result: IndicatorResult, kind: str, text: str, by: User, *, note: str = "", **detail: Any
) -> Event:
    return Event.objects.create(
        evaluation_id=result.evaluation_id,
        kind=kind,
        text=text[:LENGTH],
        by=by,
        note=note,
        detail={"indicator": result.indicator.code, **detail},
    )


def tell_sheet(
    result: UnitResult, kind: str, text: str, by: User, *, note: str = "", **detail: Any
) -> None:
    UnitEvent.objects.create(
        result=result, kind=kind, text=text[:LENGTH], by=by, note=note, detail=detail
    )
