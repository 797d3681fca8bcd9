"""What `verify_integrity` finds: nothing where all is well, and each thing that can go wrong."""

from copy import deepcopy
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from evaluations.actions.steps import take_step
from evaluations.models import (
    Event,
    IndicatorResult,
    Mail,
    RoundEvent,
    SessionEvent,
    Snapshot,
    UnitEvent,
)
from evaluations.snapshots import content_hash, indicators_in
from organisations.models import Role
from tests.factories import make_complete_dossier, make_district, make_user
from tests.upkeep.tampering import change, remove
from upkeep.integrity import CHECKS, faults

LONG_AGO = timezone.now() - timedelta(days=3)


def test_nothing_is_wrong_where_everything_came_about_as_in_service(world):
    assert list(faults()) == []


def submission(world) -> Snapshot:
    return world.decided.snapshots.submissions().get()


def of_decision(world) -> Snapshot:
    return world.decision.lines.get().snapshot


def rewrite(snapshot: Snapshot, edit, *, with_hash=True) -> None:
    """Other content, and a hash that goes with it: as a careful forger would."""
    content = deepcopy(snapshot.content)
    edit(content)
    change(snapshot, content=content, sha256=content_hash(content) if with_hash else "0" * 64)


def indicator(content, code):
    return next(each for each in indicators_in(content) if each["code"] == code)


def result(world, code) -> IndicatorResult:
    return world.decided.results.get(indicator__code=code)


def drop_event(world, kind) -> None:
    remove(Event.objects.filter(evaluation=world.decided, kind=kind))


# By the check that finds it: what somebody did, and what is said of it.
DEEDS = {
    "frozen": [
        (
            lambda world: rewrite(submission(world), lambda content: None, with_hash=False),
            "nội dung không khớp mã SHA-256 đã ghi",
        ),
        (
            lambda world: rewrite(
                submission(world), lambda content: content["self_assessed"].update(level=3)
            ),
            "mức độ đã chốt là 3, xác định lại là 1 (tự đánh giá)",
        ),
        (
            lambda world: rewrite(
                submission(world),
                lambda content: indicator(content, "2.2.1")["typed"].update(achieved="1"),
            ),
            "mức độ đã chốt là 1, xác định lại là 0 (tự đánh giá)",
        ),
        (
            lambda world: rewrite(
                of_decision(world),
                lambda content: indicator(content, "2.2.1")["appraised"].update(
                    verdict="adjust", typed={"achieved": "1", "total": "100"}
                ),
            ),
            "mức độ đã chốt là 1, xác định lại là 0 (thẩm định)",
        ),
        (
            lambda world: rewrite(
                of_decision(world), lambda content: content["decision"].update(level=2)
            ),
            "mức độ khác với bản chụp lúc công nhận",
        ),
        (lambda world: change(world.paper, sha256="0" * 64), "không còn là tệp đã gửi"),
        (
            lambda world: change(world.inspection.lines.first(), code="khác"),
            "rút lại bằng số 27081964 ra kết quả khác",
        ),
        (
            lambda world: change(world.run, content={"title": "Khác"}),
            "(Báo cáo tự đánh giá): nội dung không khớp mã SHA-256 đã ghi",
        ),
    ],
    "rows": [
        (
            lambda world: change(result(world, "2.2.1"), typed={"achieved": "9", "total": "9"}),
            "chỉ báo 2.2.1 khác với lần gửi cuối",
        ),
        (
            lambda world: change(result(world, "1.1.1").appraisal, reason="Ý khác"),
            "thẩm định 1.1.1 khác với lúc công nhận",
        ),
    ],
    "trails": [
        (lambda world: drop_event(world, "confirm"), "“được công nhận”"),
        (
            lambda world: change(world.decided, status="confirmed"),
            "quá trình dẫn đến “recognised”, hồ sơ lại đang ở “confirmed”",
        ),
        (
            lambda world: drop_event(world, "recognise"),
            "ghi mức độ 1, quá trình không có bước này",
        ),
        (lambda world: drop_event(world, "submit"), "bản chụp số 1 không có bước gửi nào"),
        (
            lambda world: remove(Snapshot.objects.filter(pk=submission(world).pk)),
            "lần gửi 1 không có bản chụp",
        ),
        (
            lambda world: change(world.decision.lines.get(), level=2),
            "quyết định không ghi vậy",
        ),
        (
            lambda world: change(world.sheet, sheet_status="submitted"),
            "quá trình dẫn đến “confirmed”, phiếu lại đang ở “submitted”",
        ),
        (
            lambda world: remove(UnitEvent.objects.filter(result=world.sheet, kind="submit")),
            "không đi được từ trạng thái “draft”",
        ),
        (
            lambda world: change(world.decided.pilot_round, closed_at=LONG_AGO),
            "quá trình và ngày đóng đợt không khớp nhau",
        ),
        (
            lambda world: remove(RoundEvent.objects.filter(kind="open")),
            "quá trình và ngày mở đợt không khớp nhau",
        ),
        (
            lambda world: remove(SessionEvent.objects.filter(kind="close")),
            "quá trình và giờ kết thúc không khớp nhau",
        ),
        (
            lambda world: remove(Event.objects.filter(kind="inspection-closed")),
            "quá trình và giờ kết thúc không khớp nhau",
        ),
    ],
    "runs": [
        (
            lambda world: change(world.run, status="queued", requested_at=LONG_AGO),
            f"chờ từ {timezone.localtime(LONG_AGO):%H:%M %d/%m/%Y}, chưa được dựng",
        ),
        (
            lambda world: change(world.run, status="running", beat_at=LONG_AGO),
            "dựng dở, không có tín hiệu từ",
        ),
        (
            lambda world: Mail.objects.create(
                recipient=world.people["editor"],
                kind="reminder",
                day=LONG_AGO.date(),
                status="sending",
                claimed_at=LONG_AGO,
            ),
            "gửi dở từ",
        ),
    ],
}


@pytest.mark.parametrize("check", sorted(DEEDS))
def test_each_deed_is_found_by_its_check(world, check):
    for deed, sentence in DEEDS[check]:
        with transaction.atomic():
            deed(world)
            found = list(faults([check]))
            transaction.set_rollback(True)

        assert any(sentence in fault for fault in found), (sentence, found)
        assert all(fault.startswith(CHECKS[check].title) for fault in found)
    assert list(faults([check])) == [], "each deed was undone"


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL guards its references itself")
def test_row_that_points_to_nothing_is_found(world):
    with transaction.atomic():
        change(world.paper, uploaded_by_id=987654)
        found = list(faults(["database"]))
        transaction.set_rollback(True)

    assert len(found) == 1
    assert "987654" in found[0]


def test_checks_of_many_dossiers_ask_as_often_as_of_few(world):
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert list(faults(["trails", "rows"])) == []
        return len(asked)

    few = queries()
    for _ in range(3):
        more = make_complete_dossier(make_district(), pilot_round=world.decided.pilot_round)
        leader = make_user(Role.LEADER, more.unit)
        take_step(evaluation=more, step_name="submit", by=leader)

    assert queries() == few
