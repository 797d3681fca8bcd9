"""The check page of figures that are counted: a list is as good as its lines."""

from datetime import date

import pytest

from evaluations.actions.steps import NotReady, take_step
from evaluations.checking import check, registers_of, work_left
from evaluations.unit_sheets import SheetStatus
from organisations.models import Role
from tests.evaluations.counting import communes, found, step
from tests.factories import make_complete_dossier, make_counted_dossier, make_user

pytestmark = pytest.mark.django_db

DECIDED = {"decision_number": "3187/QĐ-UBND", "decision_on": date(2022, 11, 25)}


@pytest.fixture
def dossier():
    """Every unit has a result and a decision: nothing to mend and nothing to doubt."""
    evaluation = make_counted_dossier(communes=["kha"] * 3, agencies=["tot", "chua-dat"])
    evaluation.pilot_round.unit_results.update(**DECIDED)
    return evaluation


def checked(evaluation):
    finding = found(evaluation)
    return check(finding, registers_of(finding))


def errors(evaluation):
    return [(error.line.code, error.text) for error in checked(evaluation).errors]


def doubts(evaluation):
    return [
        (doubt.kind, doubt.text, [line.code for line in doubt.lines])
        for doubt in checked(evaluation).doubts
    ]


def agencies(evaluation):
    return evaluation.pilot_round.unit_results.filter(kind="learning_unit")


def test_full_lists_are_neither_wrong_nor_doubtful(dossier):
    assert errors(dossier) == []
    assert doubts(dossier) == []


def test_list_without_any_result_must_be_entered(dossier):
    communes(dossier).update(rating=None)

    assert errors(dossier) == [
        ("2.1.2", "Chưa có đơn vị nào có kết quả. Mở danh sách, nhập kết quả.")
    ]
    assert doubts(dossier) == []


@pytest.mark.parametrize("is_empty", [True, False])
def test_list_with_nothing_in_scope_must_get_units(dossier, is_empty):
    if is_empty:
        communes(dossier).delete()
    else:
        communes(dossier).update(in_scope=False, exclusion_reason="Sáp nhập")

    assert errors(dossier) == [
        ("2.1.2", "Danh sách chưa có đơn vị nào trong phạm vi. Mở danh sách, thêm đơn vị.")
    ]


def test_lines_that_could_not_be_understood_must_be_mended(dossier):
    wrong = communes(dossier).values("pk")[:2]
    communes(dossier).filter(pk__in=wrong).update(unread={"score": "8o"})

    assert errors(dossier) == [
        ("2.1.2", "Danh sách có 2 dòng cần sửa. Mở danh sách, sửa chỗ báo đỏ.")
    ]


def test_lines_out_of_scope_are_not_asked_about(dossier):
    out = communes(dossier).first()
    out.in_scope, out.exclusion_reason = False, "Sáp nhập"
    out.unread, out.rating, out.decision_number = {"score": "8o"}, None, ""
    out.save()

    assert errors(dossier) == []
    assert doubts(dossier) == []


def test_units_without_result_are_confirmed_once_for_both_lists(dossier):
    communes(dossier).filter(pk=communes(dossier).first().pk).update(rating=None)
    agencies(dossier).filter(rating__code="chua-dat").update(rating=None)

    assert doubts(dossier) == [
        (
            "unrated",
            "2 đơn vị chưa có kết quả, tính là dưới Khá (2.1.1: 1, 2.1.2: 1).",
            ["2.1.1", "2.1.2"],
        )
    ]
    left = work_left(checked(dossier))
    assert left["2.1.1"] == "1 đơn vị chưa có kết quả, tính là dưới Khá."


@pytest.mark.parametrize("lacking", [{"decision_number": ""}, {"decision_on": None}])
def test_results_without_decision_are_confirmed(dossier, lacking):
    communes(dossier).update(**lacking)

    assert doubts(dossier) == [("undecided", "3 kết quả chưa ghi số, ngày quyết định.", ["2.1.2"])]


def test_sheets_that_wait_for_the_district_are_confirmed(dossier):
    one = communes(dossier).first()
    communes(dossier).filter(pk=one.pk).update(sheet_status=SheetStatus.SUBMITTED)

    assert doubts(dossier) == [
        ("waiting", "1 phiếu tự chấm chờ xác nhận nên chưa tính.", ["2.1.2"])
    ]


def test_list_of_an_indicator_said_not_to_apply_is_not_asked_about(dossier):
    communes(dossier).update(rating=None, unread={"score": "8o"})
    dossier.results.filter(indicator__code="2.1.2").update(
        typed={"not_applicable": "yes"}, not_applicable_reason="Không có xã"
    )

    assert errors(dossier) == []
    assert doubts(dossier) == []


def test_list_that_was_submitted_is_not_asked_about_again(dossier):
    step(dossier, "submit")
    dossier.pilot_round.unit_results.update(rating=None, unread={"score": "8o"})

    assert errors(dossier) == []
    assert doubts(dossier) == []


def test_submission_waits_for_lists_as_for_fields(dossier):
    communes(dossier).update(rating=None)
    leader = make_user(Role.LEADER, dossier.unit)

    with pytest.raises(NotReady) as refused:
        take_step(evaluation=dossier, step_name="submit", by=leader)

    assert [error.line.code for error in refused.value.check.errors] == ["2.1.2"]


@pytest.mark.parametrize(
    ("make", "queries"), [(make_counted_dossier, 1), (make_complete_dossier, 0)]
)
def test_both_registers_are_one_query_and_none_where_nothing_is_counted(
    make, queries, django_assert_num_queries
):
    finding = found(make())

    with django_assert_num_queries(queries):
        check(finding, registers_of(finding))
