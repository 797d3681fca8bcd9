"""The decision: who records it, what it rests on, and that what it recognised never moves."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.storage import default_storage
from django.utils import timezone

from criteria.models import CriteriaSet, LevelThreshold
from evaluations.actions import decisions as actions
from evaluations.actions.decisions import Said, correct_decision, record_decision
from evaluations.actions.steps import NotReady, take_step
from evaluations.determination import find
from evaluations.models import (
    AdoptedReading,
    Decision,
    DecisionLine,
    Evaluation,
    IndicatorResult,
    Snapshot,
)
from evaluations.permissions import can_take
from evaluations.recognition import decided_of
from evaluations.snapshots import content_hash, dossier_content, indicators_in
from evaluations.validators import UNKNOWN
from evaluations.workflow import DECIDED, STEPS, Status
from organisations.models import Role
from tests.evaluations import samples
from tests.factories import (
    accept_all,
    make_agencies,
    make_city,
    make_communes,
    make_confirmed_dossier,
    make_counted_set,
    make_decision,
    make_district,
    make_dossier,
    make_round,
    make_session,
    make_set,
    make_user,
)

pytestmark = pytest.mark.django_db

DETAILS = {
    "number": "4012/QĐ-UBND",
    "signed_on": date(2022, 12, 28),
    "issuer": "Ủy ban nhân dân thành phố Hải Phòng",
    "signer_name": "Lê Văn Ký",
    "signer_position": "Phó Chủ tịch",
}


@pytest.fixture
def dossiers():
    """Two confirmed dossiers that a closed session concluded at level 1."""
    pilot_round = make_round()
    units = [make_district("Huyện Vĩnh Bảo", "316"), make_district("Quận Lê Chân", "305")]
    made = [make_confirmed_dossier(unit, pilot_round=pilot_round) for unit in units]
    make_session(*made, concluded=1)
    return made


def scan(name="quyet-dinh.pdf"):
    return samples.upload(samples.pdf("quyết định"), name)


def record(by, levels, *, uploaded=None, **details):
    """`levels` maps each dossier to its level, or to its level and the reason."""
    return record_decision(
        pilot_round=next(iter(levels)).pilot_round if levels else make_round(),
        details=DETAILS | details,
        lines=[said(evaluation, level) for evaluation, level in levels.items()],
        uploaded=uploaded or scan(),
        by=by,
    )


def correct(by, decision, levels, *, reason="Ghi nhầm mức độ", uploaded=None, **details):
    return correct_decision(
        decision=decision,
        details=DETAILS | {"number": "15/QĐ-UBND", "signed_on": date(2023, 1, 9)} | details,
        reason=reason,
        lines=[said(evaluation, level) for evaluation, level in levels.items()],
        uploaded=uploaded or scan(),
        by=by,
    )


def said(evaluation, level):
    level, reason = level if isinstance(level, tuple) else (level, "")
    return Said(evaluation.pk, level, reason)


def stored_files():
    if not default_storage.exists("minh-chung"):
        return []
    years = default_storage.listdir("minh-chung")[0]
    folders = [
        f"minh-chung/{y}/{m}" for y in years for m in default_storage.listdir(f"minh-chung/{y}")[0]
    ]
    return [name for folder in folders for name in default_storage.listdir(folder)[1]]


def submitted(evaluation):
    """Its counts kept and its snapshot taken, as when it is sent."""
    fresh = Evaluation.objects.with_results().get(pk=evaluation.pk)
    finding = find(fresh)
    IndicatorResult.objects.bulk_update([line.result for line in finding.lines], ["typed"])
    content = dossier_content(fresh, finding)
    by = make_user(Role.LEADER, evaluation.unit)
    Snapshot.objects.create(
        evaluation=evaluation, number=1, content=content, sha256="0" * 64, taken_by=by
    )


# --- Recording ------------------------------------------------------------------------------


def test_a_decision_recognises_declines_and_freezes(approver, dossiers):
    first, second = dossiers

    decision = record(approver, {first: 1, second: (0, "Còn vi phạm về môi trường")})

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, second.status) == (Status.RECOGNISED, Status.DECLINED)
    lines = {line.evaluation: line for line in decision.lines.all()}
    assert (lines[first].level, lines[second].level) == (1, 0)
    assert lines[second].reason == "Còn vi phạm về môi trường"
    content = lines[first].snapshot.content
    assert (content["status"], content["decision"]["level"]) == ("recognised", 1)
    assert (content["self_assessed"]["level"], content["appraised"]["level"]) == (1, 1)
    assert lines[first].snapshot.sha256 == content_hash(content)
    event = first.events.get()
    assert (event.kind, event.by, event.note) == (
        "recognise",
        approver,
        "Quyết định số 4012/QĐ-UBND ngày 28/12/2022: mức độ 1",
    )
    assert (event.detail["decision"], event.detail["level"]) == (decision.pk, 1)


def test_the_scan_is_kept_under_a_name_that_says_nothing(approver, dossiers):
    decision = record(approver, {dossiers[0]: 1})

    assert (decision.file_name, decision.content_type) == ("quyet-dinh.pdf", "application/pdf")
    assert "quyet-dinh" not in decision.file.name
    assert len(decision.sha256) == 64
    with decision.file.open() as kept:
        assert kept.read() == samples.pdf("quyết định")


@pytest.mark.parametrize("role", [role for role in Role if role != Role.APPROVER])
def test_only_an_approver_records(role, dossiers):
    with pytest.raises(PermissionDenied):
        record(make_user(role, dossiers[0].unit), {dossiers[0]: 1})

    assert not Decision.objects.exists()


def test_who_wrote_in_the_dossier_does_not_decide_on_it(approver, dossiers):
    dossiers[1].events.create(kind="result", text="nhập số liệu 2.1.2", by=approver)

    with pytest.raises(PermissionDenied):
        record(approver, {dossiers[0]: 1, dossiers[1]: 1})

    assert not Decision.objects.exists()
    dossiers[0].refresh_from_db()
    assert dossiers[0].status == Status.CONFIRMED


@pytest.mark.parametrize("status", [s for s in Status if s not in {*DECIDED, Status.CONFIRMED}])
def test_a_dossier_that_is_not_confirmed_is_not_decided(approver, dossiers, status):
    Evaluation.objects.filter(pk=dossiers[0].pk).update(status=status)

    with pytest.raises(NotReady, match="vừa được mở lại thẩm định"):
        record(approver, {dossiers[0]: 1})


def test_what_the_council_has_not_concluded_is_not_decided(approver, dossiers):
    waiting = make_confirmed_dossier(pilot_round=dossiers[0].pilot_round)
    make_session(waiting)

    with pytest.raises(NotReady, match="chưa được hội đồng kết luận"):
        record(approver, {dossiers[0]: 1, waiting: 1})

    assert not Decision.objects.exists()


def test_confirmed_anew_since_the_session_it_needs_another_one(approver, dossiers):
    evaluation = dossiers[0]
    take_step(evaluation=evaluation, step_name="reopen", by=approver, note="Sai số liệu")
    Evaluation.objects.filter(pk=evaluation.pk).update(status=Status.CONFIRMED)

    with pytest.raises(NotReady, match="chưa được hội đồng kết luận"):
        record(approver, {evaluation: 1})


def test_another_level_than_the_councils_wants_a_reason(approver, dossiers):
    with pytest.raises(NotReady, match="khác kết luận của hội đồng thì phải ghi lý do"):
        record(approver, {dossiers[0]: 2})

    decision = record(approver, {dossiers[0]: (2, "Theo ý kiến Chủ tịch")})

    assert decision.lines.get().reason == "Theo ý kiến Chủ tịch"


def test_a_second_decision_on_the_same_dossier_is_told_of_the_first(approver, dossiers):
    record(approver, {dossiers[0]: 1})

    with pytest.raises(NotReady, match="đã có quyết định 4012/QĐ-UBND ngày 28/12/2022"):
        record(approver, dict.fromkeys(dossiers, 1), number="4013/QĐ-UBND")

    dossiers[1].refresh_from_db()
    assert dossiers[1].status == Status.CONFIRMED
    assert len(stored_files()) == 1


def test_the_same_paper_is_not_recorded_twice(approver, dossiers):
    record(approver, {dossiers[0]: 1})

    with pytest.raises(NotReady, match="đã được ghi"):
        record(approver, {dossiers[1]: 1})

    assert (Decision.objects.count(), len(stored_files())) == (1, 1)


def test_district_and_city_are_two_papers(approver, dossiers):
    city = make_confirmed_dossier(make_city(), pilot_round=dossiers[0].pilot_round)
    Evaluation.objects.filter(pk=city.pk).update(
        criteria_set=make_set("bo-nho-thanh-pho", CriteriaSet.Subject.CITY)
    )
    make_session(city, concluded=1)

    with pytest.raises(NotReady, match="hai văn bản: ghi riêng"):
        record(approver, {dossiers[0]: 1, city: 1})


def test_an_empty_decision_or_one_of_another_round_is_refused(approver, dossiers):
    elsewhere = make_confirmed_dossier()
    make_session(elsewhere, concluded=1)

    with pytest.raises(NotReady, match="Chọn ít nhất một hồ sơ"):
        record(approver, {})
    with pytest.raises(NotReady, match="không thuộc đợt"):
        record(approver, {dossiers[0]: 1, elsewhere: 1})


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        (b"chi la chu", "quyet-dinh.pdf", UNKNOWN),
        (samples.office(), "quyet-dinh.docx", actions.NOT_A_SCAN),
    ],
)
def test_only_a_scan_is_taken(approver, dossiers, content, name, message):
    with pytest.raises(ValidationError) as caught:
        record(approver, {dossiers[0]: 1}, uploaded=samples.upload(content, name))

    assert caught.value.messages == [message]
    assert (Decision.objects.count(), stored_files()) == (0, [])


# --- The steps ------------------------------------------------------------------------------


@pytest.mark.parametrize("step_name", ["confirm", "reopen", "finish"])
def test_a_decision_takes_no_other_step(approver, step_name):
    evaluation = make_dossier(status=next(iter(STEPS[step_name].sources)))

    assert not can_take(approver, evaluation, step_name, by_decision=True)


# --- Never moving ---------------------------------------------------------------------------


def test_nothing_done_later_moves_what_was_recognised(approver, dossiers):
    """Readings, thresholds, texts, figures, verdicts: what was recognised says what it said."""
    evaluation = dossiers[0]
    record(approver, {evaluation: 1})
    before = decided_of(evaluation)
    said_before = (before.self_assessed, before.appraised, before.line.snapshot.sha256)
    pilot_round = evaluation.pilot_round

    AdoptedReading.objects.create(
        pilot_round=pilot_round,
        question="exact_80",
        choice="level_2",
        document="1/CV",
        adopted_by=approver,
    )
    LevelThreshold.objects.filter(criteria_set=evaluation.criteria_set).update(percent=99)
    evaluation.criteria_set.indicators.update(text="Khác", role="graded")
    IndicatorResult.objects.filter(evaluation=evaluation).update(typed={})
    evaluation.results.all()[0].appraisal.delete()

    after = decided_of(Evaluation.objects.get(pk=evaluation.pk))
    fresh = Evaluation.objects.with_results().get(pk=evaluation.pk)
    assert (after.level, fresh.decided_level) == (1, 1)
    assert (after.self_assessed, after.appraised, after.line.snapshot.sha256) == said_before
    assert after.appraised.sentence.startswith("Mức độ 1 vì 2.1.2")
    assert content_hash(after.line.snapshot.content) == after.line.snapshot.sha256


def test_the_list_frozen_with_the_level_is_the_one_that_was_submitted(approver):
    pilot_round = make_round(district_set=make_counted_set())
    district = make_district()
    evaluation = make_dossier(
        district, pilot_round=pilot_round, typed={"2.2.1": {"achieved": "83", "total": "92"}}
    )
    make_agencies(pilot_round, district, ["kha"] * 3 + ["chua-dat"])
    lines = make_communes(pilot_round, district, ["kha"] * 3 + ["chua-dat"])
    submitted(evaluation)
    accept_all(evaluation)
    evaluation.status, evaluation.first_submitted_at = Status.CONFIRMED, timezone.now()
    evaluation.save()
    make_session(evaluation, concluded=1)
    type(lines[0]).objects.filter(pk=lines[0].pk).update(rating=lines[3].rating)

    decision = record(approver, {evaluation: 1})

    frozen, sent = (
        {item["code"]: item for item in indicators_in(snapshot.content)}["2.1.2"]
        for snapshot in (decision.lines.get().snapshot, evaluation.snapshots.submissions().get())
    )
    assert frozen["typed"] == sent["typed"] == {"achieved": "3", "total": "4"}
    assert frozen["units"] == sent["units"]


# --- Correcting -----------------------------------------------------------------------------


def test_a_correction_moves_the_level_and_leaves_the_old_one_readable(approver, dossiers):
    first, second = dossiers
    old = record(approver, dict.fromkeys(dossiers, 1))

    new = correct(approver, old, {first: (2, "Ghi nhầm"), second: (0, "Thiếu minh chứng")})

    assert (decided_of(first).level, decided_of(second).level) == (2, 0)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, second.status) == (Status.RECOGNISED, Status.DECLINED)
    assert (new.corrects, new.correction_reason, old.corrected_by) == (old, "Ghi nhầm mức độ", new)
    assert [line.level for line in old.lines.all()] == [1, 1]
    assert list(Decision.objects.standing()) == [new]
    assert [event.kind for event in second.events.all()] == ["decline-anew", "recognise"]
    assert second.events.first().detail["corrects"] == old.pk


def test_a_correction_rests_on_the_snapshot_of_what_it_corrects(approver, dossiers):
    old = record(approver, dict.fromkeys(dossiers, 1))
    count = Snapshot.objects.count()

    new = correct(approver, old, {dossiers[0]: (2, "Nhầm"), dossiers[1]: 1})

    assert Snapshot.objects.count() == count
    frozen = {line.evaluation_id: line.snapshot_id for line in old.lines.all()}
    assert {line.evaluation_id: line.snapshot_id for line in new.lines.all()} == frozen


def test_a_declined_district_may_be_recognised_by_a_correction(approver, dossiers):
    evaluation = dossiers[0]
    old = record(approver, {evaluation: (0, "Chờ kết luận thanh tra")})

    correct(approver, old, {evaluation: (1, "Thanh tra kết luận đạt")})

    evaluation.refresh_from_db()
    assert (evaluation.status, decided_of(evaluation).level) == (Status.RECOGNISED, 1)


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_correction_says_why(approver, dossiers, reason):
    old = record(approver, {dossiers[0]: 1})

    with pytest.raises(NotReady, match="Ghi lý do thay quyết định trước"):
        correct(approver, old, {dossiers[0]: (2, "Nhầm")}, reason=reason)


def test_a_correction_names_every_dossier_and_explains_each_change(approver, dossiers):
    old = record(approver, dict.fromkeys(dossiers, 1))

    with pytest.raises(NotReady, match="phải nêu đủ các hồ sơ"):
        correct(approver, old, {dossiers[0]: (2, "Nhầm")})
    with pytest.raises(NotReady, match="khác quyết định trước thì phải ghi lý do"):
        correct(approver, old, {dossiers[0]: 2, dossiers[1]: 1})

    assert list(Decision.objects.standing()) == [old]


def test_what_was_corrected_is_corrected_once(approver, dossiers):
    old = record(approver, {dossiers[0]: 1})
    new = correct(approver, old, {dossiers[0]: (2, "Nhầm")})

    with pytest.raises(NotReady, match="đã được thay bằng quyết định 15/QĐ-UBND"):
        correct(approver, old, {dossiers[0]: (3, "Nhầm")}, number="16/QĐ-UBND")
    correct(approver, new, {dossiers[0]: (3, "Lại nhầm")}, number="16/QĐ-UBND")

    assert decided_of(dossiers[0]).level == 3
    assert DecisionLine.objects.standing().count() == 1


@pytest.mark.parametrize("role", [role for role in Role if role != Role.APPROVER])
def test_only_an_approver_corrects(role, dossiers):
    old = make_decision({dossiers[0]: 1})

    with pytest.raises(PermissionDenied):
        correct(make_user(role, dossiers[0].unit), old, {dossiers[0]: (2, "Nhầm")})


# --- Who knows of it ------------------------------------------------------------------------


def test_a_unit_knows_the_decisions_that_name_it(appraiser, observer, administrator, dossiers):
    decision = make_decision({dossiers[0]: 1})
    own = make_user(Role.EDITOR, dossiers[0].unit)
    elsewhere = make_user(Role.LEADER, dossiers[1].unit)
    users = [own, elsewhere, appraiser, observer, administrator]

    seen = [list(Decision.objects.visible_to(user)) for user in users]

    assert seen == [[decision], [], [decision], [decision], []]
