"""Each sentence of the draft with its data and without: nothing is said of what is not known."""

import pytest

from reports.ministry.drafts import city as of_city
from reports.ministry.drafts import general, opinions, results
from reports.ministry.sections import SECTIONS
from reports.sections import draft_of
from tests.reports.ministry import facts as made
from tests.reports.ministry.facts import DECISION, column, district, facts, judged, said, unit

A, B, C = unit("Quận A"), unit("Huyện B"), unit("Huyện C")
ASKED = made.opinions(
    A={"2.1.2": said("unfit", "Chưa có biểu mẫu.", "Hạ còn 60 %")},
    B={"2.1.2": said("partly", "Chưa có biểu mẫu", "Hạ còn 60 %")},
    C={},
)
LATE = unit("Huyện B", sent_on="2022-12-17", days_late=2)
LONGER = unit("Huyện C", extended_until="2022-12-20", extension_reason="Bão lũ.")
UNSENT = unit("Huyện D", sent_on=None, state="đang tự đánh giá", stage=0)
GOOD, BETTER = unit("Huyện A", decision=DECISION), unit("Quận B", decision=DECISION | {"level": 2})
REFUSED = unit("Huyện C", decision=DECISION | {"level": 0})
BEFORE = {"decided": 1, "results": column("10/25")["results"]}


def last_year(now, **before):
    return now | {"last_year": {"year": 2021, "alike": ["2.1.2"], "districts": before}}


def own(code="2.1.2", **changes):
    return {
        "code": code,
        "short_name": "Quận, huyện học tập",
        "is_graded": True,
        "own": "11/15 = 73,3 %",
        "council": "",
        "is_adjusted": False,
        "suitability": "fits",
        "suitability_label": "Phù hợp",
        "obstacle": "",
        "proposal": "",
    } | changes


def city(*indicators, **changes):
    return {
        "name": "Thành phố Hải Phòng",
        "name_in_sentence": "thành phố Hải Phòng",
        "title": "Bộ tiêu chí thành phố",
        "indicators": list(indicators) or [own()],
        "sent_on": "2022-12-20",
        "state": "hội đồng đang đánh giá",
        "self": "Mức độ 1.",
        "concluded": "",
        "level": 0,
        "decision": None,
    } | changes


CASES = [
    # I. Who takes part, by what, when
    (general.set_up, facts(A), ["Năm 2022, quận A tham gia thí điểm."]),
    (general.set_up, facts(A), ["gồm 2 chỉ báo: 1 chỉ báo là điều kiện tiên quyết, 1 chỉ báo"]),
    (general.set_up, facts(B, C), ["Năm 2022 có 2 huyện tham gia thí điểm: B, C."]),
    (general.set_up, facts(A, B, C), ["có 3 quận, huyện", "khối quận có A; khối huyện có B, C."]),
    (general.set_up, facts(standing_agency="Sở X"), ["Sở X là cơ quan thường trực"]),
    (
        general.set_up,
        facts(readings=[{"question": "Đúng 80%", "choice": "mức độ 1", "document": "CV 12"}]),
        ["- Đúng 80%: mức độ 1 (theo CV 12)."],
    ),
    (
        general.set_up,
        facts(A, B, sessions=[{"on": "2022-12-20", "units": ["A"]}]),
        ["đã họp 1 phiên (ngày 20/12/2022), xét hồ sơ của quận A."],
    ),
    (
        general.set_up,
        facts(
            calendar=[
                {"label": "Họp", "shown": "", "from": None, "to": "2022-12-20"},
                {"label": "Gửi", "shown": "", "from": "2022-12-01", "to": "2022-12-15"},
                {"label": "Xét", "shown": "Tháng 12/2022", "from": None, "to": "2022-12-31"},
            ]
        ),
        [
            "Đã thực hiện theo lịch:\n- Gửi: từ ngày 01/12/2022 đến ngày 15/12/2022.\n- Họp: ngày",
            "- Xét: tháng 12/2022.",
        ],
    ),
    (
        general.set_up,
        facts(
            calendar=[
                {"label": "Xét", "shown": "", "from": "2023-01-10", "to": "2023-01-20"},
                {"label": "Gửi", "shown": "", "from": None, "to": "2023-01-09"},
                {"label": "Họp", "shown": "", "from": None, "to": "2023-01-10"},
                {"label": "Báo cáo", "shown": "", "from": None, "to": "2023-01-11"},
            ]
        ),
        [
            "Đã thực hiện theo lịch:\n- Gửi: ngày 09/01/2023.\n"
            "Đang thực hiện:\n- Xét: từ ngày 10/01/2023 đến ngày 20/01/2023.\n"
            "- Họp: ngày 10/01/2023.\nDự kiến:\n- Báo cáo: ngày 11/01/2023."
        ],
    ),
    # I. Who sent when
    (
        general.progress,
        facts(UNSENT),
        ["ngày 15/12/2022. Đến ngày 10/01/2023, chưa địa phương nào"],
    ),
    (general.progress, facts(A), ["Quận A gửi hồ sơ ngày 10/12/2022."]),
    (general.progress, facts(A, C), ["2/2 địa phương đã gửi hồ sơ, đều trong thời hạn."]),
    (
        general.progress,
        facts(A, LATE),
        ["trong đó quận A gửi trong thời hạn", "huyện B (ngày 17/12/2022, muộn 2 ngày)."],
    ),
    (general.progress, facts(A, LONGER), ["huyện C đến ngày 20/12/2022, lý do: bão lũ."]),
    (general.progress, facts(A, unit(was_returned=True)), ["của huyện A được trả lại để bổ sung"]),
    (general.progress, facts(A, UNSENT), ["Chưa gửi hồ sơ: huyện D."]),
    # II. Levels
    (results.recognition, facts(A), ["chưa có quyết định công nhận đối với quận A."]),
    (results.recognition, facts(A, B), ["đối với địa phương nào.", "hồ sơ:\n- Đã xác nhận: A, B."]),
    (results.recognition, facts(GOOD), ["huyện A đã được công nhận đạt mức độ 1."]),
    (
        results.recognition,
        facts(GOOD, BETTER, REFUSED, UNSENT),
        [
            "2/4 địa phương được công nhận: mức độ 2 có quận B; mức độ 1 có huyện A.",
            "Đã xét nhưng không công nhận: huyện C.",
        ],
    ),
    (
        results.recognition,
        facts(GOOD, unit("Huyện C"), UNSENT),
        [
            "1/3 địa phương được công nhận: huyện A (mức độ 1).",
            "chưa có quyết định: 1 địa phương, gồm:\n- Đã xác nhận: C.",
        ],
    ),
    (results.recognition, facts(REFUSED, UNSENT), ["chưa địa phương nào được công nhận."]),
    (results.recognition, judged(column()), ["giữ nguyên mức độ tự đánh giá."]),
    (results.recognition, judged(column(), column()), ["2/2 hồ sơ đã gửi, đều giữ nguyên"]),
    (
        results.recognition,
        judged(column(), column()) | {"units": [A, unit("Huyện B"), UNSENT]},
        ["xác nhận kết quả 2/2 hồ sơ đã gửi"],
    ),
    (
        results.recognition,
        facts(
            A,
            B,
            summary={
                "indicators": made.INDICATORS,
                "districts": [
                    district("A", own=column(level=2), appraised=column(level=1)),
                    district("B", own=column(level=1)),
                ],
            },
        ),
        ["1 hồ sơ có mức độ khác với tự đánh giá: quận A (tự đánh giá mức độ 2, thẩm định m"],
    ),
    (
        results.recognition,
        judged(column(), column(met="Chưa đạt", level=0), column(level=3)),
        ["thẩm định:\n- 1.1.1 (Nhiệm vụ): huyện B.\n- 2.1.2 (Cộng đồng): huyện A."],
    ),
    # II. Indicators
    (
        results.indicators,
        judged(column(), key="self"),
        ["tự đánh giá (chưa thẩm định) đối với huyện A."],
    ),
    (results.indicators, judged(column()), ["- 2.1.2 (Cộng đồng): mức độ 1 (20/25 = 80,0 %)."]),
    (
        results.indicators,
        judged(column("24/25", "Mức 3"), column("10/25", "Dưới ngưỡng", met="Chưa đạt"), column()),
        [
            "chưa đạt: 1.1.1 (Nhiệm vụ) ở huyện B.",
            "dưới ngưỡng tối thiểu: 2.1.2 (Cộng đồng) ở huyện B (10/25 = 40,0 %).",
        ],
    ),
    (
        results.indicators,
        judged(*[column("24/25", "Mức 3")] * 4, column()),
        ["1/1 chỉ báo xét mức độ đạt ngưỡng tối thiểu ở tất cả các địa phương (2.1.2)."],
    ),
    (results.recognition, judged(column()), ["theo kết quả thẩm định: 2.1.2 (Cộng đồng)."]),
    (results.indicators, judged(column(), column()), ["tiên quyết đạt ở tất cả các địa phương."]),
    (
        results.indicators,
        judged(column(), column(met="Không áp dụng")),
        ["địa phương, trừ nơi không áp dụng.", "Không áp dụng: 1.1.1 (Nhiệm vụ) ở huyện B."],
    ),
    # II. Last year
    (
        results.last_year,
        last_year(judged(column(), column("10/25")), A=BEFORE, B=BEFORE),
        ["ở 2 địa phương (A, B) có hồ sơ", "(Cộng đồng): tăng ở huyện A, giữ nguyên ở huyện B."],
    ),
    (
        results.last_year,
        last_year(facts(BETTER), B=BEFORE)
        | {"summary": judged(column(level=2), names="B")["summary"]},
        ["so với năm 2021: tăng ở quận B."],
    ),
    # II. Titles and the city
    (
        results.titles,
        facts(
            titles=[
                {
                    "label": "Gia đình học tập",
                    "recognised": 1200,
                    "achieved": 900,
                    "total": 1000,
                    "entered": 3,
                    "compared": 2,
                    "communes": 5,
                },
                {
                    "label": "Dòng họ học tập",
                    "recognised": 4,
                    "achieved": None,
                    "total": None,
                    "entered": 1,
                    "compared": 0,
                    "communes": 5,
                },
            ]  # fmt: skip
        ),
        [
            "“Gia đình học tập”: công nhận 1.200, đạt 90,0 % (900/1.000) ở 2 xã có tổng số; số "
            "liệu của 3/5 xã",
            "“Dòng họ học tập”: công nhận 4; số liệu của 1/5 xã",
        ],
    ),
    (
        of_city.result,
        facts(
            city_awaited={"name_in_sentence": "thành phố Hải Phòng", "due_on": "2022-12-20"},
        ),
        ["Hồ sơ của thành phố Hải Phòng đang hoàn thiện, chưa gửi; hạn gửi ngày 20/12/2022."],
    ),
    (
        of_city.result,
        facts(city=city()),
        [
            "(1 chỉ báo), gửi hồ sơ đến Hội đồng",
            "ngày 20/12/2022. Kết quả tự đánh giá: mức",
            "Tình trạng hồ sơ: hội đồng đang đánh giá.",
        ],
    ),
    (
        of_city.result,
        facts(
            city=city(
                own(is_adjusted=True, council="10/15 = 66,7 %"), concluded="Mức độ 2.", level=2
            )
        ),
        [
            "Hội đồng đánh giá cấp thành phố kết luận: mức độ 2.",
            "điều chỉnh 1 chỉ báo:\n- 2.1.2 (Quận, huyện học tập): 11/15 = 73,3 % → 10/15 = 66,7",
            "UBND TP đề nghị Bộ Giáo dục và Đào tạo xem xét, công nhận thành phố Hải Phòng đạt "
            "danh hiệu thành phố học tập mức độ 2 năm 2022.",
        ],
    ),
    (
        of_city.result,
        facts(city=city(concluded="Mức độ 1.", level=1)),
        ["Hội đồng đánh giá cấp thành phố kết luận thống nhất với kết quả tự đánh giá."],
    ),
    (
        of_city.result,
        facts(city=city(decision=DECISION)),
        ["Quyết định số 01/QĐ-UBND ngày 28/12/2022 của UBND thành phố: mức độ 1."],
    ),
    # III to V. Opinions
    (
        opinions.suitability,
        facts(suitability=made.opinions(A={}, B={})),
        ["2 địa phương đã gửi hồ sơ nhận xét về 2/2", "đều"],
    ),
    (
        opinions.suitability,
        facts(suitability=ASKED),
        [
            "1/2 chỉ báo được tất cả các địa phương có nhận xét đánh giá là phù hợp; 1 chỉ báo",
            "- 2.1.2 (Cộng đồng): 1 địa phương đánh giá là phù hợp; 1 địa phương đánh giá là phù "
            "hợp một phần (B); 1 địa phương đánh giá là không phù hợp (A).",
            "trích nguyên văn",
        ],
    ),
    (opinions.obstacles, facts(suitability=ASKED), ["- 2.1.2 (Cộng đồng): A, B: “Chưa có biểu"]),
    (opinions.proposals, facts(suitability=ASKED), ["- 2.1.2 (Cộng đồng): A, B: “Hạ còn 60"]),
    (
        opinions.proposals,
        facts(suitability=made.opinions(A={"2.1.2": said("fits", "", "Ghi “không tăng”.")})),
        ["A: “Ghi ‘không tăng’”."],
    ),
    (of_city.suitability, facts(city=city()), ["1/1 chỉ báo được đánh giá là phù hợp."]),
    (
        of_city.suitability,
        facts(city=city(own(), own("3.1.4", suitability="unfit"))),
        ["Phù hợp: 1/2 chỉ báo.\nKhông phù hợp: 3.1.4 (Quận, huyện học tập)."],
    ),
    (
        of_city.obstacles,
        facts(city=city(own(obstacle="Chưa có mẫu."))),
        ["- 2.1.2 (Quận, huyện học tập): “Chưa có mẫu”."],
    ),
    (
        of_city.proposals,
        facts(city=city(own(proposal="Hạ còn 60 %"))),
        ["- 2.1.2 (Quận, huyện học tập): “Hạ còn 60 %”."],
    ),
]


@pytest.mark.parametrize(("draft", "known", "expected"), CASES)
def test_what_is_known_is_said(draft, known, expected):
    said_here = "\n".join(draft(known)).replace("\xa0", " ")

    for words in expected:
        assert words in said_here


def test_what_is_not_known_is_left_out():
    """A round in which nothing has happened yet: two sections speak, and of nothing else."""
    nothing = facts(UNSENT, unit("Huyện E", sent_on=None))

    drafts = {each.key: draft_of(each, nothing) for each in SECTIONS}

    assert {key for key, text in drafts.items() if text} == {"trien-khai", "tien-do", "cong-nhan"}
    assert drafts["cong-nhan"] == (
        "Đến ngày 10/01/2023, chưa có quyết định công nhận đối với địa phương nào."
    )
    for word in ("gia hạn", "trả lại", "Gửi sau hạn", "phiên", "mốc", "thường trực"):
        assert word not in " ".join(drafts.values())


def test_no_draft_has_a_placeholder_or_a_double_stop():
    for _, known, _ in CASES:
        for section in SECTIONS:
            text = draft_of(section, known)
            assert not any(wrong in text for wrong in ("None", "..", " ,", "  ", "()", ": ."))
