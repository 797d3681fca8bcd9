"""What follows a dossier: who went to look, what the council concluded, what was decided."""

from datetime import datetime, timedelta

from benchmarks.country.copying import Tables
from benchmarks.country.papers import write_snapshot
from benchmarks.country.pattern import Pattern
from benchmarks.country.units import District, Province
from evaluations.models import (
    CouncilSession,
    Decision,
    DecisionLine,
    Inspection,
    InspectionLine,
    Opinion,
    SessionEvent,
    SessionItem,
    SessionMember,
)
from evaluations.workflow import Status

DRAWN = 10  # communes of an inspection


def write_inspection(
    tables: Tables, district: District, evaluation: int, appraiser: int, at: datetime
) -> None:
    inspection = tables.add(
        Inspection,
        evaluation_id=evaluation,
        seed="27081964",
        created_by_id=appraiser,
        created_at=at,
        held_on=at.date(),
        closed_at=at,
        closed_by_id=appraiser,
    )
    for position, unit in enumerate(district.communes[:DRAWN], start=1):
        tables.add(
            InspectionLine,
            inspection_id=inspection,
            unit_id=unit,
            kind="learning_community",
            position=position,
            code=str(unit),
            name=f"Xã {unit}",
            state="same",
        )


def write_council(
    tables: Tables,
    pattern: Pattern,
    province: Province,
    pilot_round: int,
    dossiers: list[tuple[int, Status, list[int]]],
    at: datetime,
) -> None:
    """The session over all dossiers of a past round, and the decision after it."""
    at += timedelta(days=50)
    approver = province.staff["approver"][0]
    session = tables.add(
        CouncilSession,
        pilot_round_id=pilot_round,
        held_on=at.date(),
        place="Phòng họp",
        chair="Chủ trì",
        secretary="Thư ký",
        created_by_id=approver,
        created_at=at,
        closed_at=at,
        closed_by_id=approver,
    )
    for place, person in enumerate(province.staff["council"]):
        tables.add(SessionMember, session_id=session, person_id=person, name=f"Thành viên {place}")
    tables.add(SessionEvent, session_id=session, kind="plan", text="lập", by_id=approver, at=at)
    decision = tables.add(
        Decision,
        pilot_round_id=pilot_round,
        number=f"{pilot_round}/QĐ-UBND",
        signed_on=at.date(),
        issuer=f"UBND {province.name}",
        signer_name="Người ký",
        signer_position="Chủ tịch",
        file=f"minh-chung/{at:%Y/%m}/quyet-dinh-{pilot_round}",
        file_name="quyet-dinh.pdf",
        content_type="application/pdf",
        sha256="0" * 64,
        recorded_by_id=approver,
        recorded_at=at,
    )
    for evaluation, status, files in dossiers:
        level = 1 if status == Status.RECOGNISED else 0
        item = tables.add(
            SessionItem,
            session_id=session,
            evaluation_id=evaluation,
            proposed_level=level,
            confirmed_at=at,
            concluded_level=level,
        )
        for person in province.staff["council"]:
            tables.add(Opinion, item_id=item, by_id=person, stand="agrees")
        tables.add(
            DecisionLine,
            decision_id=decision,
            evaluation_id=evaluation,
            level=level,
            snapshot_id=write_snapshot(tables, pattern, evaluation, 2, files, approver, at),
        )
