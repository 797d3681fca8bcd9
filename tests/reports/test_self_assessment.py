import json

import pytest
from django.utils import timezone

from evaluations.models import Evaluation, IndicatorAppraisal
from evaluations.workflow import Status
from reports.letterhead import issuer_lines, legal_basis
from reports.self_assessment.content import self_assessment
from reports.self_assessment.tables import self_assessment_tables as tables
from reports.self_assessment.words import words
from tests.factories import make_dossier, make_round, result_of


def fetched(evaluation):
    return Evaluation.objects.with_results().get(pk=evaluation.pk)


def test_draft_is_printed_as_it_stands_and_marked(dossier):
    result = result_of(dossier, "1.1.1")
    result.explanation = "Đang viết dở"
    result.save()

    content = self_assessment(fetched(dossier))

    assert content["is_draft"]
    assert content["marks"] == ["Bản nháp, chưa gửi"]
    assert content["file_name"] == "Báo cáo tự đánh giá – Huyện Vĩnh Bảo – 2022 (bản nháp)"
    assert tables(content)[1].rows[0]["explanation"].shown == "Đang viết dở"


def test_submitted_dossier_is_printed_from_what_was_submitted(submitted):
    result = result_of(submitted, "1.1.1")
    result.explanation = "Sửa sau khi gửi"
    result.save()

    content = self_assessment(fetched(submitted))

    assert not content["is_draft"]
    assert content["marks"] == []
    assert content["submission"]["number"] == 1
    assert tables(content)[1].rows[0]["explanation"].shown == ""


def test_returned_dossier_is_a_draft_again(submitted):
    Evaluation.objects.filter(pk=submitted.pk).update(status=Status.RETURNED)

    assert self_assessment(fetched(submitted))["marks"] == ["Bản nháp, chưa gửi lại"]


def test_practice_figures_say_so(district):
    evaluation = make_dossier(district, pilot_round=make_round(is_practice=True))

    content = self_assessment(fetched(evaluation))

    assert content["marks"] == ["Bản nháp, chưa gửi", "Số liệu tập huấn"]


def test_what_the_department_thinks_is_not_in_what_the_unit_reports(dossier, appraiser):
    for result in dossier.results.all():
        IndicatorAppraisal.objects.create(
            result=result,
            verdict=IndicatorAppraisal.Verdict.ADJUST,
            reason="Lý do của Sở",
            typed={"met": "no"},
            private_note="Ghi chú riêng",
            decided_by=appraiser,
            decided_at=timezone.now(),
        )

    printed = json.dumps(self_assessment(fetched(dossier)), ensure_ascii=False)

    assert "appraised" not in printed
    assert "Lý do của Sở" not in printed
    assert "Ghi chú riêng" not in printed


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ({}, "công nhận huyện Vĩnh Bảo đạt danh hiệu huyện học tập mức độ 1 năm 2022."),
        ({"2.1.2": {"achieved": "20", "total": "30"}}, "chưa đủ điều kiện công nhận mức độ nào"),
        ({"2.1.2": {}}, "Hồ sơ còn chỉ báo chưa đánh giá xong"),
    ],
)
def test_request_follows_from_the_level(dossier, typed, asked):
    for code, value in typed.items():
        dossier.results.filter(indicator__code=code).update(typed=value)

    said = words(self_assessment(fetched(dossier)))

    assert asked in said["request"]


def test_distance_is_left_out_while_something_is_still_to_be_entered(dossier):
    assert "cần thêm" in words(self_assessment(fetched(dossier)))["distance"]
    dossier.results.filter(indicator__code="1.1.1").update(typed={})

    assert words(self_assessment(fetched(dossier)))["distance"] == ""


def test_opinions_are_what_the_unit_said_and_of_what_it_said_nothing(district):
    evaluation = make_dossier(district)
    evaluation.results.filter(indicator__code="2.2.1").update(
        suitability="partly", obstacle="Thu thập thủ công"
    )

    said = words(self_assessment(fetched(evaluation)))

    assert said["opinions"] == [
        {
            "title": "Mức độ phù hợp của các chỉ báo với thực tiễn",
            "lines": [
                "Phù hợp một phần: 1 chỉ báo (2.2.1).",
                "Chưa ghi mức độ phù hợp: 4 chỉ báo (1.1.1, 2.1.2, 3.1.1, 3.1.2).",
            ],
        },
        {
            "title": "Khó khăn, vướng mắc",
            "lines": ["Chỉ báo 2.2.1 (Kế hoạch tập huấn kỹ năng số): Thu thập thủ công"],
        },
    ]


def test_nothing_is_said_to_lack_where_all_is_there(dossier):
    said = words(self_assessment(fetched(dossier)))

    assert said["opinions"][0]["lines"] == [
        "Phù hợp: 5 chỉ báo (1.1.1, 2.1.2, 2.2.1, 3.1.1, 3.1.2)."
    ]
    assert said["without_evidence"] == ""


def test_indicators_without_evidence_are_named_but_not_those_that_do_not_apply(dossier):
    for code in ("1.1.1", "2.1.2", "3.1.1"):
        result_of(dossier, code).evidence.all().delete()
    dossier.results.filter(indicator__code="2.1.2").update(
        typed={"not_applicable": "yes"}, not_applicable_reason="Không có xã"
    )

    said = words(self_assessment(fetched(dossier)))

    assert said["without_evidence"] == "Chưa có minh chứng: 2 chỉ báo (1.1.1, 3.1.1)."


def test_a_fall_in_points_has_its_unit(dossier):
    rows = {row["code"].shown: row for row in tables(self_assessment(fetched(dossier)))[1].rows}

    assert rows["3.1.1"]["compared"].shown == "\u22121,56\u00a0điểm\u00a0%"
    assert rows["3.1.1"]["figure"].shown == "3,18\u00a0% còn 1,62\u00a0%"
    assert rows["2.1.2"]["compared"].shown == "76,7\u00a0%"


def test_an_equation_is_not_broken_over_two_lines(dossier):
    said = words(self_assessment(fetched(dossier)))

    assert "(25/30\u00a0=\u00a083,3\u00a0%)" in said["distance"]


def test_indicator_without_figures_says_not_entered_and_shows_no_nought(district):
    content = self_assessment(fetched(make_dossier(district)))

    rows = tables(content)[1].rows

    assert {row["result"].shown for row in rows} == {"Chưa nhập"}
    assert {(row["achieved"].value, row["total"].value, row["compared"].value) for row in rows} == {
        (None, None, None)
    }


def test_basis_stands_line_by_line_with_dates_written_out():
    assert legal_basis(
        "Kế hoạch số 02 ngày 04/01/2022, Phụ lục I; căn cứ Công văn ngày 12/11/2021"
    ) == [
        "Căn cứ Kế hoạch số 02 ngày 04 tháng 01 năm 2022, Phụ lục I;",
        "Căn cứ Công văn ngày 12 tháng 11 năm 2021.",
    ]


@pytest.mark.parametrize(
    ("issuer", "place", "lines"),
    [
        (
            "Ủy ban nhân dân huyện Vĩnh Bảo",
            "huyện Vĩnh Bảo",
            ["ỦY BAN NHÂN DÂN", "HUYỆN VĨNH BẢO"],
        ),
        ("Sở Giáo dục và Đào tạo", "Sở Giáo dục và Đào tạo", ["SỞ GIÁO DỤC VÀ ĐÀO TẠO"]),
        ("Hội Khuyến học", "thành phố Hải Phòng", ["HỘI KHUYẾN HỌC"]),
    ],
)
def test_letterhead_breaks_before_the_name(issuer, place, lines):
    assert issuer_lines(issuer, place) == lines
