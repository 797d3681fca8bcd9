"""Each sentence of the draft with its data and without: nothing is said of what is not known."""

import pytest

from reports.ministry.drafts import general, opinions, results
from reports.ministry.sections import SECTIONS, draft_of
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


def city(**changes):
    return {
        "name_in_sentence": "thành phố Hải Phòng",
        "title": "Bộ tiêu chí thành phố",
        "indicators": 20,
        "sent_on": "2022-12-20",
        "self": "Mức độ 1.",
        "concluded": "",
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
            "- Họp: ngày 20/12/2022.",
            "- Gửi: từ ngày 01/12/2022 đến ngày 15/12/2022.",
            "- Xét: tháng 12/2022.",
        ],
    ),
    # I. Who sent when
    (general.progress, facts(UNSENT), ["ngày 15/12/2022. Đến ngày 10/01/2023, chưa đơn vị nào"]),
    (general.progress, facts(A), ["Quận A gửi hồ sơ ngày 10/12/2022."]),
    (general.progress, facts(A, C), ["2/2 đơn vị đã gửi hồ sơ, đều trong thời hạn."]),
    (
        general.progress,
        facts(A, LATE),
        ["trong đó quận A gửi trong thời hạn", "huyện B (ngày 17/12/2022, muộn 2 ngày)."],
    ),
    (general.progress, facts(A, LONGER), ["huyện C đến ngày 20/12/2022, lý do: Bão lũ."]),
    (general.progress, facts(A, unit(was_returned=True)), ["của huyện A được trả lại để bổ sung"]),
    (general.progress, facts(A, UNSENT), ["Chưa gửi hồ sơ: huyện D."]),
    # II. Levels
    (results.recognition, facts(A), ["chưa có quyết định công nhận đối với quận A."]),
    (results.recognition, facts(A, B), ["đối với đơn vị nào.", "hồ sơ: đã xác nhận: A, B."]),
    (results.recognition, facts(GOOD), ["huyện A đã được công nhận đạt mức độ 1."]),
    (
        results.recognition,
        facts(GOOD, BETTER, REFUSED, UNSENT),
        [
            "2/4 đơn vị đã được công nhận: mức độ 2 có quận B; mức độ 1 có huyện A.",
            "không được công nhận mức độ nào: huyện C.",
        ],
    ),
    (results.recognition, facts(GOOD, unit("Huyện C"), UNSENT), ["2 đơn vị, gồm: đã xác nhận: C;"]),
    (results.recognition, facts(REFUSED, UNSENT), ["chưa đơn vị nào được công nhận."]),
    (results.recognition, judged(column()), ["giữ nguyên mức độ tự đánh giá."]),
    (results.recognition, judged(column(), column()), ["2/2 hồ sơ, đều giữ nguyên"]),
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
        ["ở 1 hồ sơ: quận A (tự đánh giá mức độ 2, thẩm định mức độ 1)."],
    ),
    (
        results.recognition,
        judged(column(), column(met="Chưa đạt", level=0), column(level=3)),
        ["theo kết quả thẩm định: 1.1.1 (Nhiệm vụ) ở huyện B; 2.1.2 (Cộng đồng) ở huyện A."],
    ),
    # II. Indicators
    (
        results.indicators,
        judged(column(), key="self"),
        ["tự đánh giá (chưa thẩm định) đối với huyện A."],
    ),
    (results.indicators, judged(column()), ["- 2.1.2 (Cộng đồng): mức 1 (20/25 = 80,0 %)."]),
    (
        results.indicators,
        judged(column("24/25", "Mức 3"), column("10/25", "Dưới ngưỡng", met="Chưa đạt"), column()),
        [
            "chưa đạt: 1.1.1 (Nhiệm vụ) ở huyện B.",
            "mức 3: 1 đơn vị, mức 1: 1 đơn vị, dưới ngưỡng: 1 đơn vị; "
            "thấp nhất B (10/25 = 40,0 %), cao nhất A (24/25 = 96,0 %).",
        ],
    ),
    (
        results.indicators,
        judged(*[column("24/25", "Mức 3")] * 4, column()),
        ["thấp nhất E (20/25 = 80,0 %), cao nhất 96,0 % (4 đơn vị)."],
    ),
    (results.recognition, judged(column()), ["theo kết quả thẩm định: 2.1.2 (Cộng đồng)."]),
    (results.indicators, judged(column(), column()), ["mọi đơn vị bảo đảm", "đều 80,0 %."]),
    (
        results.indicators,
        judged(column(), column(met="Không áp dụng")),
        ["1/1 điều kiện tiên quyết", "Không áp dụng: 1.1.1 (Nhiệm vụ) ở huyện B."],
    ),
    # II. Last year
    (
        results.last_year,
        last_year(judged(column(), column("10/25")), A=BEFORE, B=BEFORE),
        ["ở 2 đơn vị (A, B) có hồ sơ", "(Cộng đồng): tăng ở huyện A, giữ nguyên ở huyện B."],
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
            "“Gia đình học tập”: 1.200 được công nhận; đạt 90,0 % (900/1.000) ở 2 xã có tổng số; "
            "3/5 xã",
            "“Dòng họ học tập”: 4 được công nhận; 1/5 xã",
        ],
    ),
    (results.city, facts(city=city()), ["(20 chỉ báo), gửi hồ sơ ngày 20/12/2022. Tự đánh giá: m"]),
    (results.city, facts(city=city(concluded="Mức độ 2.")), ["Kết luận của hội đồng: mức độ 2."]),
    (
        results.city,
        facts(city=city(decision=DECISION)),
        ["Quyết định số 01/QĐ-UBND ngày 28/12/2022 của UBND thành phố: mức độ 1."],
    ),
    # III to V. Opinions
    (
        opinions.suitability,
        facts(suitability=made.opinions(A={}, B={})),
        ["2 đơn vị về 2/2", "đều"],
    ),
    (
        opinions.suitability,
        facts(suitability=ASKED),
        [
            "1 chỉ báo được mọi đơn vị có nhận xét cho là phù hợp. 1 chỉ báo có ý kiến khác:",
            "- 2.1.2 (Cộng đồng): 1 đơn vị cho là phù hợp; 1 đơn vị cho là phù hợp một phần (B); "
            "1 đơn vị cho là không phù hợp (A). Lý do: A: “Chưa có biểu mẫu”.",
        ],
    ),
    (opinions.obstacles, facts(suitability=ASKED), ["- 2.1.2 (Cộng đồng): A, B: “Chưa có biểu"]),
    (opinions.proposals, facts(suitability=ASKED), ["- 2.1.2 (Cộng đồng): A, B: “Hạ còn 60"]),
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
        "Đến ngày 10/01/2023, chưa có quyết định công nhận đối với đơn vị nào."
    )
    for word in ("gia hạn", "trả lại", "Gửi sau hạn", "phiên", "mốc", "thường trực"):
        assert word not in " ".join(drafts.values())


def test_no_draft_has_a_placeholder_or_a_double_stop():
    for _, known, _ in CASES:
        for section in SECTIONS:
            text = draft_of(section, known)
            assert not any(wrong in text for wrong in ("None", "..", " ,", "  ", "()", ": ."))
