"""A round at its end: every dossier sent, accepted by the Sở, concluded by the council, decided."""

from datetime import date
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from pypdf import PdfWriter

from benchmarks.data import officer_of
from evaluations.actions.decisions import Said, record_decision
from evaluations.determination import find
from evaluations.models import (
    CouncilSession,
    Evaluation,
    IndicatorAppraisal,
    IndicatorResult,
    PilotRound,
    SessionItem,
    Snapshot,
)
from evaluations.snapshots import content_hash, dossier_content
from evaluations.workflow import Status
from organisations.models import Role, User

# What units find hard, said of one indicator in five.
OBSTACLE = "Số liệu do nhiều ngành quản lý nên tổng hợp chậm, chưa thống nhất cách tính"
PROPOSAL = "Đề nghị hướng dẫn rõ nguồn số liệu và thời điểm lấy số liệu"
SAID_EVERY = 5
BATCH = 500


def conclude(pilot_round: PilotRound) -> None:
    """Rows as the actions leave them, in bulk up to the decision, which is recorded as by hand."""
    template = PilotRound.objects.get(year=2022, is_practice=False)
    pilot_round.standing_agency = template.standing_agency
    pilot_round.save()
    appraiser, approver = (
        User.objects.get_or_create(
            username=f"do.{role}",
            defaults={"organisation": template.standing_agency, "role": role},
        )[0]
        for role in (Role.APPRAISER, Role.APPROVER)
    )
    _say_what_is_hard(pilot_round)
    _send(pilot_round)
    _accept(pilot_round, appraiser)
    levels = _conclude(pilot_round, approver)
    record_decision(
        pilot_round=pilot_round,
        details={
            "number": f"{pilot_round.pk}/QĐ-UBND",
            "signed_on": date(2023, 12, 28),
            "issuer": "UBND thành phố Hải Phòng",
            "signer_name": "Người ký",
            "signer_position": "Chủ tịch",
        },
        lines=[Said(evaluation_id=pk, level=level) for pk, level in levels.items()],
        uploaded=SimpleUploadedFile("quyet-dinh.pdf", _blank_pdf()),
        by=approver,
    )


def _blank_pdf() -> bytes:
    writer, made = PdfWriter(), BytesIO()
    writer.add_blank_page(width=595, height=842)
    writer.write(made)
    return made.getvalue()


def _dossiers(pilot_round: PilotRound) -> list[Evaluation]:
    return list(Evaluation.objects.filter(pilot_round=pilot_round).with_results())


def _say_what_is_hard(pilot_round: PilotRound) -> None:
    results = IndicatorResult.objects.filter(evaluation__pilot_round=pilot_round)
    results.update(suitability=IndicatorResult.Suitability.FITS)
    keys = list(results.order_by("pk").values_list("pk", flat=True))[::SAID_EVERY]
    for first in range(0, len(keys), BATCH):
        results.filter(pk__in=keys[first : first + BATCH]).update(
            suitability=IndicatorResult.Suitability.PARTLY, obstacle=OBSTACLE, proposal=PROPOSAL
        )


def _send(pilot_round: PilotRound) -> None:
    snapshots = []
    for evaluation in _dossiers(pilot_round):
        content = dossier_content(evaluation)
        snapshots.append(
            Snapshot(
                evaluation=evaluation,
                number=1,
                content=content,
                sha256=content_hash(content),
                taken_by=officer_of(evaluation.unit),
            )
        )
    Snapshot.objects.bulk_create(snapshots, batch_size=BATCH)


def _accept(pilot_round: PilotRound, appraiser: User) -> None:
    now = timezone.now()
    results = IndicatorResult.objects.filter(evaluation__pilot_round=pilot_round)
    IndicatorAppraisal.objects.bulk_create(
        (
            IndicatorAppraisal(
                result=result,
                verdict=IndicatorAppraisal.Verdict.ACCEPT,
                is_sent=True,
                decided_by=appraiser,
                decided_at=now,
            )
            for result in results
        ),
        batch_size=BATCH,
    )
    pilot_round.evaluations.update(
        status=Status.CONFIRMED, status_since=now, first_submitted_at=now
    )


def _conclude(pilot_round: PilotRound, approver: User) -> dict[int, int]:
    """The level that the council found for each dossier, by its key: the one that was computed."""
    now = timezone.now()
    session = CouncilSession.objects.create(
        pilot_round=pilot_round,
        held_on=date(2023, 12, 20),
        place="Phòng họp số 1",
        chair="Người chủ trì",
        secretary="Thư ký",
        created_by=approver,
        closed_at=now,
        closed_by=approver,
    )
    dossiers = _dossiers(pilot_round)
    levels = {each.pk: find(each).appraised.level for each in dossiers}
    SessionItem.objects.bulk_create(
        (
            SessionItem(
                session=session,
                evaluation=each,
                proposed_level=levels[each.pk],
                confirmed_at=each.status_since,
                concluded_level=levels[each.pk],
            )
            for each in dossiers
        ),
        batch_size=BATCH,
    )
    return levels
