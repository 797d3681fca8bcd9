"""Saving one indicator: as typed, by whom, and with two people at once."""

import pytest
from django.core.exceptions import PermissionDenied

from evaluations.actions.results import overrule, save_result, values_of
from evaluations.determination import find
from evaluations.models import Evaluation, Event, IndicatorAppraisal
from evaluations.workflow import Status
from tests.factories import make_dossier, make_user, result_of

pytestmark = pytest.mark.django_db


def save(result, by, values, base=None):
    base = values_of(result) if base is None else base
    return save_result(result=result, values={**base, **values}, base=base, by=by)


def test_what_is_typed_is_kept_even_when_it_cannot_be_counted(editor):
    evaluation = make_dossier(editor.organisation)
    result = result_of(evaluation, "2.1.2")

    save(result, editor, {"achieved": "1.500", "total": "ba mươi"})

    stored = result_of(evaluation, "2.1.2")
    assert stored.typed["achieved"] == "1.500"
    assert stored.typed["total"] == "ba mươi"
    assert stored.updated_by == editor
    line = find(Evaluation.objects.with_results().get(pk=evaluation.pk)).line("2.1.2")
    assert set(line.reading.problems) == {"achieved", "total"}
    assert line.self_assessed.share is None


def test_two_people_in_different_fields_both_get_in(editor, leader):
    evaluation = make_dossier(editor.organisation)
    result = result_of(evaluation, "2.1.2")
    opened = values_of(result)

    save(result, editor, {"achieved": "23", "total": "30"}, base=opened)
    saved = save(result, leader, {"explanation": "Đã đối chiếu"}, base=opened)

    stored = result_of(evaluation, "2.1.2")
    assert saved.conflicts == ()
    assert stored.typed["achieved"] == "23"
    assert stored.explanation == "Đã đối chiếu"


def test_two_people_in_one_field_keep_both_versions(editor, leader):
    evaluation = make_dossier(editor.organisation)
    result = result_of(evaluation, "2.1.2")
    opened = values_of(result)
    save(result, editor, {"explanation": "Bản thứ nhất"}, base=opened)

    saved = save(result, leader, {"explanation": "Bản thứ hai", "obstacle": "Khó"}, base=opened)

    stored = result_of(evaluation, "2.1.2")
    assert stored.explanation == "Bản thứ nhất"
    assert stored.obstacle == "Khó"  # what is not contested is saved all the same
    (conflict,) = saved.conflicts
    assert (conflict.field, conflict.stored, conflict.mine) == (
        "explanation",
        "Bản thứ nhất",
        "Bản thứ hai",
    )


def test_the_same_text_from_two_people_is_no_conflict(editor, leader):
    evaluation = make_dossier(editor.organisation)
    result = result_of(evaluation, "2.1.2")
    opened = values_of(result)
    save(result, editor, {"explanation": "Giống nhau"}, base=opened)

    saved = save(result, leader, {"explanation": "Giống nhau"}, base=opened)

    assert saved.conflicts == ()


def test_choosing_ones_own_version_keeps_the_other_in_the_trail(editor, leader):
    evaluation = make_dossier(editor.organisation)
    result = result_of(evaluation, "2.1.2")
    opened = values_of(result)
    save(result, editor, {"explanation": "Bản thứ nhất"}, base=opened)

    overrule(
        result=result,
        values={**opened, "explanation": "Bản thứ hai"},
        base=opened,
        seen={"explanation": "Bản thứ nhất"},
        by=leader,
    )

    assert result_of(evaluation, "2.1.2").explanation == "Bản thứ hai"
    event = Event.objects.get(kind="overruled")
    assert event.by == leader
    assert event.detail["replaced"] == {
        "explanation": {"old": "Bản thứ nhất", "new": "Bản thứ hai"}
    }


def test_overruling_a_version_that_moved_on_is_a_new_conflict(editor, leader):
    evaluation = make_dossier(editor.organisation)
    result = result_of(evaluation, "2.1.2")
    opened = values_of(result)
    save(result, editor, {"explanation": "Bản thứ nhất"}, base=opened)
    save(result_of(evaluation, "2.1.2"), editor, {"explanation": "Bản thứ ba"})

    saved = overrule(
        result=result,
        values={**opened, "explanation": "Bản thứ hai"},
        base=opened,
        seen={"explanation": "Bản thứ nhất"},
        by=leader,
    )

    assert [conflict.stored for conflict in saved.conflicts] == ["Bản thứ ba"]
    assert result_of(evaluation, "2.1.2").explanation == "Bản thứ ba"
    assert not Event.objects.filter(kind="overruled").exists()


CLOSED = [Status.SUBMITTED, Status.APPRAISING, Status.APPRAISED]


@pytest.mark.parametrize("status", CLOSED)
def test_a_dossier_that_left_the_unit_takes_no_writing(editor, status):
    evaluation = make_dossier(editor.organisation, status=status)
    result = result_of(evaluation, "2.1.2")

    with pytest.raises(PermissionDenied):
        save(result, editor, {"explanation": "Muộn rồi"})

    assert result_of(evaluation, "2.1.2").explanation == ""


def test_nobody_writes_for_another_unit(editor, outsider, appraiser):
    result = result_of(make_dossier(editor.organisation), "2.1.2")

    for stranger in (outsider, appraiser):
        with pytest.raises(PermissionDenied):
            save(result, stranger, {"explanation": "Không phải của tôi"})


def test_a_returned_dossier_opens_only_what_was_asked(editor, appraiser):
    evaluation = make_dossier(editor.organisation, status=Status.RETURNED)
    asked, other = result_of(evaluation, "2.1.2"), result_of(evaluation, "2.2.1")
    IndicatorAppraisal.objects.create(
        result=asked,
        verdict="ask",
        reason="Thiếu quyết định",
        is_sent=True,
        decided_by=appraiser,
        decided_at=evaluation.status_since,
    )

    save(asked, editor, {"reply": "Đã gửi bổ sung"})
    with pytest.raises(PermissionDenied):
        save(other, editor, {"explanation": "Sửa thêm"})

    assert result_of(evaluation, "2.1.2").reply == "Đã gửi bổ sung"


def test_a_dossier_returned_without_requests_opens_whole(editor):
    evaluation = make_dossier(editor.organisation, status=Status.RETURNED)

    save(result_of(evaluation, "2.2.1"), editor, {"explanation": "Sửa"})

    assert result_of(evaluation, "2.2.1").explanation == "Sửa"


def test_saving_the_same_again_changes_nothing(editor):
    result = result_of(make_dossier(editor.organisation), "2.1.2")

    save(result, editor, {})

    result.refresh_from_db()
    assert result.updated_at is None


def test_a_field_that_the_measure_does_not_have_is_ignored(editor):
    evaluation = make_dossier(editor.organisation)
    result = result_of(evaluation, "1.1.1")

    save(result, editor, {"achieved": "5", "status": "appraised"})

    assert result_of(evaluation, "1.1.1").typed == {}


def test_an_account_of_another_role_in_the_same_district_cannot_write(district):
    result = result_of(make_dossier(district), "2.1.2")
    observer = make_user("observer", district)

    with pytest.raises(PermissionDenied):
        save(result, observer, {"explanation": "Chỉ được xem"})


def test_a_field_that_was_not_sent_is_left_alone(editor):
    evaluation = make_dossier(editor.organisation)
    result = result_of(evaluation, "2.1.2")
    save(result, editor, {"reply": "Đã bổ sung", "explanation": "Theo báo cáo"})

    save_result(
        result=result,
        values={"explanation": "Sửa"},
        base={"explanation": "Theo báo cáo"},
        by=editor,
    )

    stored = result_of(evaluation, "2.1.2")
    assert (stored.reply, stored.explanation) == ("Đã bổ sung", "Sửa")


def test_everybodys_first_writing_is_in_the_trail_once(editor, leader):
    evaluation = make_dossier(editor.organisation)
    for person, text in ((editor, "một"), (leader, "hai"), (editor, "ba"), (leader, "bốn")):
        save(result_of(evaluation, "2.1.2"), person, {"explanation": text})

    writers = Event.objects.filter(kind="first-writing").values_list("by", flat=True)
    assert sorted(writers) == sorted([editor.pk, leader.pk])


def test_trail_tells_what_each_figure_was_and_became(editor, leader):
    evaluation = make_dossier(editor.organisation)
    save(result_of(evaluation, "2.1.2"), editor, {"achieved": "20", "total": "26"})
    save(result_of(evaluation, "2.1.2"), leader, {"achieved": "21", "suitability": "partly"})

    told = Event.objects.filter(kind="figures").order_by("pk")

    assert [(event.by, event.text, event.detail) for event in told] == [
        (
            editor,
            "2.1.2: sửa số liệu",
            {
                "indicator": "2.1.2",
                "changes": {
                    "achieved": {"old": "", "new": "20"},
                    "total": {"old": "", "new": "26"},
                },
            },
        ),
        (
            leader,
            "2.1.2: sửa số liệu",
            {
                "indicator": "2.1.2",
                "changes": {
                    "achieved": {"old": "20", "new": "21"},
                    "suitability": {"old": "", "new": "partly"},
                },
            },
        ),
    ]


def test_prose_and_what_stays_the_same_leave_no_line_of_figures(editor):
    evaluation = make_dossier(editor.organisation, typed={"2.1.2": {"achieved": "20"}})

    save(result_of(evaluation, "2.1.2"), editor, {"explanation": "Một câu", "obstacle": "Khó"})
    save(result_of(evaluation, "2.1.2"), editor, {"achieved": "20"})

    assert not Event.objects.filter(kind="figures").exists()
