"""What officers type under each measure, and what it means."""

from dataclasses import replace
from fractions import Fraction

import pytest

from criteria.measures import (
    FLAWED,
    NO_EVIDENCE,
    NOTHING_TO_COUNT,
    PARTIAL,
    PENDING,
    Bound,
    Direction,
    Entry,
    Field,
    Figure,
    Kind,
    Measure,
    Part,
    Reading,
    Readings,
    assess,
    read,
)

DOCUMENT = Measure(Kind.DOCUMENT)
SHARE = Measure(
    Kind.SHARE,
    Bound(">=", Fraction(70)),
    derived=True,
    achieved_label="Xã từ Khá trở lên",
    total_label="Tổng số xã, thị trấn",
    noun="xã xếp loại Khá trở lên",
)
BULLYING = Measure(
    Kind.SHARE,
    Bound("<", Fraction("0.05")),
    achieved_label="Học sinh bị bắt nạt",
    total_label="Tổng số học sinh",
)
WASTE = Measure(
    Kind.SHARES,
    Bound(">=", Fraction(90)),
    parts=(
        Part("Chất thải rắn", "Thu gom, xử lý", "Phát sinh"),
        Part("Nước thải", "Thu gom, xử lý", "Phát sinh"),
    ),
)
POVERTY = Measure(
    Kind.CHANGE,
    label="Tỷ lệ hộ nghèo",
    unit="percent",
    direction=Direction.FALL,
    step=Fraction("1.5"),
)
GRDP = Measure(Kind.CHANGE, label="GRDP", unit="number", direction=Direction.RISE)
SCIENCE = Measure(
    Kind.CHANGE,
    label="Số sản phẩm",
    unit="count",
    direction=Direction.RISE,
    parts=(Part("Chuyển giao"), Part("Sáng chế")),
)
ALL = [DOCUMENT, SHARE, BULLYING, WASTE, POVERTY, GRDP, SCIENCE]


def told(text):
    return text.replace("\u00a0", " ")


def shares(*percents):
    return Entry(figures=tuple(Figure(percent=Fraction(percent)) for percent in percents))


def change(previous, current):
    return Entry(previous=Fraction(previous), current=Fraction(current))


# --- The measure as data ----------------------------------------------------------------------


@pytest.mark.parametrize("measure", ALL)
def test_a_measure_survives_its_data(measure):
    assert Measure.from_data(measure.to_data()) == measure


def test_a_step_of_thousands_is_written_for_machines():
    measure = Measure(Kind.CHANGE, step=Fraction("1500.5"))

    assert measure.to_data()["step"] == "1500.5"
    assert Measure.from_data(measure.to_data()) == measure


def test_a_measure_is_written_in_plain_values():
    assert BULLYING.to_data() == {
        "kind": "share",
        "bound": {"comparison": "<", "percent": "0.05"},
        "derived": False,
        "achieved_label": "Học sinh bị bắt nạt",
        "total_label": "Tổng số học sinh",
        "noun": "",
    }
    assert SCIENCE.to_data() == {
        "kind": "change",
        "label": "Số sản phẩm",
        "unit": "count",
        "direction": "rise",
        "step": "0",
        "parts": [{"name": "Chuyển giao"}, {"name": "Sáng chế"}],
    }


@pytest.mark.parametrize("source", ["agencies", "communes", "districts"])
def test_a_share_says_which_registers_it_is_counted_from(source):
    measure = replace(SHARE, counted_from=source)

    assert measure.to_data() == SHARE.to_data() | {"counted_from": source}
    assert Measure.from_data(measure.to_data()) == measure


def test_a_share_that_is_typed_is_written_without_a_source():
    assert "counted_from" not in BULLYING.to_data()
    assert Measure.from_data(BULLYING.to_data() | {"counted_from": ""}) == BULLYING


@pytest.mark.parametrize("source", ["schools", "Agencies", "agencies ", None, 1])
def test_a_source_that_nobody_counts_is_refused(source):
    with pytest.raises(ValueError, match="unknown source"):
        Measure.from_data(SHARE.to_data() | {"counted_from": source})


@pytest.mark.parametrize(
    "data",
    [
        {"kind": "guess"},
        {"kind": "share", "bound": {"comparison": "≥", "percent": "70"}},
        {"kind": "share", "bound": {"comparison": ">=", "percent": "seventy"}},
        {"kind": "change", "direction": "sideways", "step": "1"},
    ],
)
def test_a_measure_of_no_known_kind_is_refused(data):
    with pytest.raises(ValueError, match="guess|≥|seventy|sideways"):
        Measure.from_data(data)


@pytest.mark.parametrize(
    ("measure", "fields"),
    [
        (DOCUMENT, ()),
        (
            SHARE,
            (
                Field("achieved", "Xã từ Khá trở lên", "count"),
                Field("total", "Tổng số xã, thị trấn", "count"),
                Field("percent", "Tỷ lệ, %", "percent"),
            ),
        ),
        (
            WASTE,
            (
                Field("part1_achieved", "Thu gom, xử lý", "number", "Chất thải rắn"),
                Field("part1_total", "Phát sinh", "number", "Chất thải rắn"),
                Field("part1_percent", "Chất thải rắn, %", "percent", "Chất thải rắn"),
                Field("part2_achieved", "Thu gom, xử lý", "number", "Nước thải"),
                Field("part2_total", "Phát sinh", "number", "Nước thải"),
                Field("part2_percent", "Nước thải, %", "percent", "Nước thải"),
            ),
        ),
        (
            POVERTY,
            (
                Field("previous", "Năm trước, %", "percent", "Tỷ lệ hộ nghèo"),
                Field("current", "Năm nay, %", "percent", "Tỷ lệ hộ nghèo"),
            ),
        ),
        (
            SCIENCE,
            (
                Field("previous_1", "Năm trước", "count", "Chuyển giao"),
                Field("previous_2", "Năm trước", "count", "Sáng chế"),
                Field("current_1", "Năm nay", "count", "Chuyển giao"),
                Field("current_2", "Năm nay", "count", "Sáng chế"),
            ),
        ),
    ],
)
def test_fields_are_what_is_typed(measure, fields):
    with_plain_spaces = tuple(
        Field(item.name, told(item.label), item.unit, item.part) for item in measure.fields
    )

    assert with_plain_spaces == fields


@pytest.mark.parametrize(
    ("measure", "plain"),
    [
        (DOCUMENT, "Đạt khi đơn vị tự đánh giá đạt và có ít nhất một minh chứng."),
        (
            SHARE,
            "Xã từ Khá trở lên chia cho tổng số xã, thị trấn, phải từ 70 %. "
            "Đếm từ kết quả đã xác nhận của từng đơn vị.",
        ),
        (BULLYING, "Học sinh bị bắt nạt chia cho tổng số học sinh, phải dưới 0,05 %."),
        (WASTE, "Tính riêng chất thải rắn và nước thải; mỗi phần phải từ 90 %."),
        (
            POVERTY,
            "Tỷ lệ hộ nghèo năm nay phải thấp hơn năm trước từ 1,5 phần trăm trở lên; là điểm "
            "phần trăm hay tỷ lệ so với năm trước thì theo cách hiểu của đợt.",
        ),
        (GRDP, "GRDP năm nay phải cao hơn năm trước."),
        (
            SCIENCE,
            "Số sản phẩm (cộng chuyển giao và sáng chế) năm nay phải cao hơn năm trước.",
        ),
    ],
)
def test_the_formula_is_said_plainly(measure, plain):
    assert told(measure.plain) == plain


@pytest.mark.parametrize(
    ("label", "said"),
    [("Tổng số xã", "tổng số xã"), ("GRDP cả nước", "GRDP cả nước"), ("Ở đô thị", "ở đô thị")],
)
def test_a_label_inside_a_sentence_keeps_its_abbreviation(label, said):
    measure = Measure(Kind.SHARE, Bound("=", Fraction(1)), achieved_label="X", total_label=label)

    assert measure.plain.startswith(f"X chia cho {said}, phải")


@pytest.mark.parametrize(
    ("comparison", "below", "exactly", "above", "label"),
    [
        (">=", False, True, True, "từ 50 %"),
        (">", False, False, True, "trên 50 %"),
        ("=", False, True, False, "đúng 50 %"),
        ("<", True, False, False, "dưới 50 %"),
    ],
)
def test_a_bound_compares_exactly(comparison, below, exactly, above, label):
    bound = Bound(comparison, Fraction(50))
    shares = [Fraction(499999, 10**6), Fraction(1, 2), Fraction(500001, 10**6)]

    assert [bound.is_met_by(share) for share in shares] == [below, exactly, above]
    assert told(bound.label) == label


# --- What was typed -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("measure", "typed", "entry"),
    [
        (DOCUMENT, {}, Entry()),
        (DOCUMENT, {"met": ""}, Entry()),
        (DOCUMENT, {"met": "yes"}, Entry(met=True)),
        (DOCUMENT, {"met": "no"}, Entry(met=False)),
        (DOCUMENT, {"met": "yes", "not_applicable": "yes"}, Entry(not_applicable=True)),
        (SHARE, {}, Entry(figures=(Figure(),))),
        (SHARE, {"achieved": " 23 ", "total": "30"}, Entry(figures=(Figure(23, 30),))),
        (SHARE, {"achieved": "23"}, Entry(figures=(Figure(23),))),
        (SHARE, {"percent": "76,7 %"}, shares("76.7")),
        (
            SHARE,
            {"achieved": "23", "total": "30", "percent": "76,7"},
            Entry(figures=(Figure(23, 30, Fraction("76.7")),)),
        ),
        (
            SHARE,
            {"achieved": "99", "total": "x", "not_applicable": "yes"},
            Entry(not_applicable=True),
        ),
        (
            WASTE,
            {"part1_percent": "95,2", "part2_achieved": "12,5", "part2_total": "12.5"},
            Entry(
                figures=(
                    Figure(percent=Fraction("95.2")),
                    Figure(Fraction("12.5"), Fraction("12.5")),
                )
            ),
        ),
        (
            POVERTY,
            {"previous": "3,18", "current": "1,62"},
            Entry(previous=Fraction("3.18"), current=Fraction("1.62"), is_partial=True),
        ),
        (POVERTY, {"previous": "3,18"}, Entry(previous=Fraction("3.18"), is_partial=True)),
        (
            POVERTY,
            {"previous": "100 %", "current": "0"},
            Entry(previous=Fraction(100), current=Fraction(0), is_partial=True),
        ),
        (POVERTY, {}, Entry()),
        (
            SCIENCE,
            {"previous_1": "4", "previous_2": "5", "current_1": "6", "current_2": "7"},
            Entry(previous=Fraction(9), current=Fraction(13), is_partial=True),
        ),
        (
            SCIENCE,
            {"previous_1": "4", "previous_2": "5", "current_1": "6"},
            Entry(previous=Fraction(9), is_partial=True),
        ),
        (SCIENCE, {"current_2": "6"}, Entry(is_partial=True)),
    ],
)
def test_read_understands_what_was_typed(measure, typed, entry):
    reading = read(measure, typed)

    assert reading.entry == entry
    assert reading.problems == {}


@pytest.mark.parametrize(
    ("measure", "typed", "problems"),
    [
        (DOCUMENT, {"met": "maybe"}, {"met": "Chọn Đạt hoặc Chưa đạt."}),
        (
            SHARE,
            {"achieved": "1.500", "total": "30"},
            {
                "achieved": "“1.500” có hai cách hiểu: 1 nghìn 500, hay 1 phẩy 5. "
                "Ô này là số đếm, gõ liền 1500."
            },
        ),
        (
            SHARE,
            {"achieved": "2,5", "total": "không"},
            {
                "achieved": "“2,5” không phải số nguyên. Ô này là số đếm, ví dụ 12.",
                "total": "“không” không phải là số. Gõ bằng chữ số, ví dụ 1234 hoặc 12,5.",
            },
        ),
        (SHARE, {"achieved": "32", "total": "30"}, {"achieved": "32 lớn hơn tổng số 30."}),
        (SHARE, {"achieved": "1", "total": "0"}, {"achieved": "1 lớn hơn tổng số 0."}),
        (
            SHARE,
            {"achieved": "0", "total": "0"},
            {
                "total": "Tổng số là 0 thì không có tỷ lệ. Nếu chỉ báo không áp dụng cho đơn vị, "
                "mở “Chỉ báo không áp dụng cho đơn vị”."
            },
        ),
        (SHARE, {"percent": "100,1"}, {"percent": "100,1 % lớn hơn 100 %."}),
        (
            SHARE,
            {"achieved": "23", "total": "30", "percent": "75"},
            {"percent": "23/30 = 76,7 %, khác 75 %. Sửa số, hoặc bỏ trống tỷ lệ."},
        ),
        (
            SHARE,
            {"achieved": "23", "percent": "75"},
            {"total": "Nhập cả số đạt và tổng số, hoặc bỏ cả hai và chỉ nhập tỷ lệ."},
        ),
        (
            SHARE,
            {"total": "30", "percent": "75"},
            {"achieved": "Nhập cả số đạt và tổng số, hoặc bỏ cả hai và chỉ nhập tỷ lệ."},
        ),
        (
            WASTE,
            {"part1_percent": "x", "part2_achieved": "10", "part2_total": "9,5"},
            {
                "part1_percent": "“x” không phải là số. Gõ bằng chữ số, ví dụ 1234 hoặc 12,5.",
                "part2_achieved": "10 lớn hơn tổng số 9,5.",
            },
        ),
        (POVERTY, {"previous": "101", "current": "1"}, {"previous": "101 % lớn hơn 100 %."}),
        (POVERTY, {"previous": "-1"}, {"previous": "“-1” là số âm. Gõ số từ 0 trở lên."}),
    ],
)
def test_read_says_what_is_wrong_under_its_field(measure, typed, problems):
    reading = read(measure, typed)

    assert {name: told(message) for name, message in reading.problems.items()} == problems
    assert reading.entry == Entry(is_flawed=True)
    assert not reading.echoes.keys() & problems.keys()
    assert assess(measure, reading.entry).met is None


@pytest.mark.parametrize(
    ("counts", "percent"),
    [
        (("23", "30"), "76,7"),
        (("23", "30"), "76,67"),
        (("23", "30"), "77"),
        (("1", "8"), "12,5"),
        (("1", "8"), "12,50"),
    ],
)
def test_counts_win_where_the_percentage_agrees(counts, percent):
    typed = {"achieved": counts[0], "total": counts[1], "percent": percent}

    assessment = assess(SHARE, read(SHARE, typed).entry)

    assert assessment.share == Fraction(int(counts[0]), int(counts[1]))


@pytest.mark.parametrize("percent", ["76,6", "76,66", "76", "76,6680"])
def test_a_percentage_that_is_not_the_rounded_counts_is_a_problem(percent):
    typed = {"achieved": "23", "total": "30", "percent": percent}

    assert list(read(SHARE, typed).problems) == ["percent"]


@pytest.mark.parametrize(
    ("measure", "typed", "echoes"),
    [
        (BULLYING, {"percent": "0.050"}, {"percent": "Hiểu là 0,05 %."}),
        (BULLYING, {"achieved": "6", "total": "31482"}, {"total": "Hiểu là 31.482."}),
        (SHARE, {"achieved": "23", "total": "30"}, {}),
        (GRDP, {"current": "1.234,5", "previous": "365585"}, {"previous": "Hiểu là 365.585."}),
        (POVERTY, {"current": "1.62"}, {"current": "Hiểu là 1,62 %."}),
    ],
)
def test_read_echoes_what_could_be_misread(measure, typed, echoes):
    reading = read(measure, typed)

    assert {name: told(message) for name, message in reading.echoes.items()} == echoes


def test_a_reading_of_nothing_says_nothing():
    reading = read(SHARE, {})

    assert reading == Reading(Entry(figures=(Figure(),)))
    assert reading.echoes == {}


# --- Figures ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("figure", "share"),
    [
        (Figure(), None),
        (Figure(23, 30), Fraction(23, 30)),
        (Figure(0, 30), Fraction(0)),
        (Figure(0, 0), None),
        (Figure(23), None),
        (Figure(total=30), None),
        (Figure(23, percent=Fraction(70)), None),
        (Figure(total=30, percent=Fraction(70)), None),
        (Figure(percent=Fraction("81.5")), Fraction(815, 1000)),
        (Figure(23, 30, Fraction("76.7")), Fraction(23, 30)),
        (Figure(Fraction("1.5"), 2), Fraction(3, 4)),
    ],
)
def test_the_share_of_a_figure_is_exact(figure, share):
    assert figure.share == share


@pytest.mark.parametrize(
    ("figure", "flaws"),
    [
        (Figure(30, 30, Fraction(100)), {}),
        (Figure(percent=Fraction(100)), {}),
        (Figure(percent=Fraction(101)), {"percent": "101 % lớn hơn 100 %."}),
        (Figure(31, 30), {"achieved": "31 lớn hơn tổng số 30."}),
    ],
)
def test_a_figure_names_what_cannot_be_true_of_it(figure, flaws):
    assert {name: told(message) for name, message in figure.flaws.items()} == flaws


def test_nought_of_nought_beside_a_percentage_has_no_flaw_but_no_share():
    figure = Figure(0, 0, Fraction(50))

    assert figure.flaws == {}
    assert figure.share is None


# --- What it means ------------------------------------------------------------------------------

RELATIVE = Readings(fall="relative")


@pytest.mark.parametrize(
    ("measure", "entry", "readings", "met", "figure", "shown", "sentence"),
    [
        (DOCUMENT, Entry(met=True), Readings(), True, "", "", "Đạt."),
        (DOCUMENT, Entry(met=False), Readings(), False, "", "", "Chưa đạt."),
        (DOCUMENT, Entry(met=False, has_evidence=False), Readings(), False, "", "", "Chưa đạt."),
        (SHARE, Entry(figures=(Figure(23, 30),)), Readings(), True, "23/30", "76,7 %",
         "Hiểu là 76,67 %, đạt."),
        (SHARE, Entry(figures=(Figure(21, 30),)), Readings(), True, "21/30", "70,0 %",
         "Hiểu là 70,00 %, đạt."),
        (SHARE, Entry(figures=(Figure(6999, 10000),)), Readings(), False, "6.999/10.000",
         "69,99 %", "Hiểu là 69,99 %, chưa đạt, phải từ 70 %."),
        (SHARE, shares("81.5"), Readings(), True, "", "81,5 %", "Hiểu là 81,50 %, đạt."),
        (BULLYING, Entry(figures=(Figure(6, 31482),)), Readings(), True, "6/31.482", "0,019 %",
         "Hiểu là 0,019 %, đạt."),
        (BULLYING, shares("0.05"), Readings(), False, "", "0,05 %",
         "Hiểu là 0,05 %, chưa đạt, phải dưới 0,05 %."),
        (WASTE, shares("95.2", "91"), Readings(), True, "95,2 và 91,0", "91,0 %",
         "Hiểu là chất thải rắn 95,20 %, nước thải 91,00 %, đạt."),
        (WASTE, shares("88.5", "90"), Readings(), False, "88,5 và 90,0", "88,5 %",
         "Hiểu là chất thải rắn 88,50 %, nước thải 90,00 %, chưa đạt, mỗi phần phải từ 90 %."),
        (POVERTY, change("3.18", "1.62"), Readings(), True, "3,18 còn 1,62", "\u22121,56",
         "Hiểu là giảm 1,56 điểm phần trăm, đạt."),
        (POVERTY, change("3.2", "1.7"), Readings(), True, "3,2 còn 1,7", "\u22121,5",
         "Hiểu là giảm 1,5 điểm phần trăm, đạt."),
        (POVERTY, change("3.2", "1.71"), Readings(), False, "3,2 còn 1,71", "\u22121,49",
         "Hiểu là giảm 1,49 điểm phần trăm, chưa đạt, phải giảm từ 1,5 điểm phần trăm."),
        (POVERTY, change("1.2", "0"), Readings(), False, "1,2 còn 0", "\u22121,2",
         "Hiểu là giảm 1,2 điểm phần trăm, chưa đạt; năm trước đã dưới 1,5 % nên không thể "
         "giảm thêm 1,5 điểm."),
        (POVERTY, change("1.5", "0"), Readings(), True, "1,5 còn 0", "\u22121,5",
         "Hiểu là giảm 1,5 điểm phần trăm, đạt."),
        (POVERTY, change("1.5", "0.1"), Readings(), False, "1,5 còn 0,1", "\u22121,4",
         "Hiểu là giảm 1,4 điểm phần trăm, chưa đạt, phải giảm từ 1,5 điểm phần trăm."),
        (POVERTY, change("2", "3"), Readings(), False, "2 lên 3", "+1",
         "Hiểu là tăng 1 điểm phần trăm, chưa đạt, phải giảm từ 1,5 điểm phần trăm."),
        (POVERTY, change("2", "2"), Readings(), False, "2 vẫn 2", "0",
         "Hiểu là không đổi so với năm trước, chưa đạt, phải giảm từ 1,5 điểm phần trăm."),
        (POVERTY, change("2", "1.97"), RELATIVE, True, "2 còn 1,97", "\u22121,5 %",
         "Hiểu là giảm 1,50 %, đạt."),
        (POVERTY, change("2", "1.971"), RELATIVE, False, "2 còn 1,971", "\u22121,45 %",
         "Hiểu là giảm 1,45 %, chưa đạt, phải giảm từ 1,5 % so với năm trước."),
        (POVERTY, change("100", "98.51"), RELATIVE, False, "100 còn 98,51", "\u22121,49 %",
         "Hiểu là giảm 1,49 %, chưa đạt, phải giảm từ 1,5 % so với năm trước."),
        (POVERTY, change("1", "0.9"), RELATIVE, True, "1 còn 0,9", "\u221210,0 %",
         "Hiểu là giảm 10,00 %, đạt."),
        (POVERTY, change("1", "0.995"), RELATIVE, False, "1 còn 0,995", "\u22120,5 %",
         "Hiểu là giảm 0,50 %, chưa đạt, phải giảm từ 1,5 % so với năm trước."),
        (POVERTY, change("0", "0"), RELATIVE, False, "0 vẫn 0", "0 %",
         "Hiểu là không đổi so với năm trước, chưa đạt, phải giảm từ 1,5 % so với năm trước."),
        (GRDP, change("100", "100.1"), Readings(), True, "100 lên 100,1", "+0,1",
         "Hiểu là tăng 0,1, đạt."),
        (GRDP, change("100", "100"), Readings(), False, "100 vẫn 100", "0",
         "Hiểu là không đổi so với năm trước, chưa đạt, phải tăng so với năm trước."),
        (GRDP, change("100", "99"), RELATIVE, False, "100 còn 99", "\u22121",
         "Hiểu là giảm 1, chưa đạt, phải tăng so với năm trước."),
    ],
)  # fmt: skip
def test_assess_gives_the_verdict_and_says_why(
    measure, entry, readings, met, figure, shown, sentence
):
    assessment = assess(measure, entry, readings)

    assert assessment.met is met
    assert assessment.lacking == ""
    assert told(assessment.figure) == figure
    assert told(assessment.shown) == shown
    assert told(assessment.sentence) == sentence


@pytest.mark.parametrize(
    ("measure", "entry", "lacking", "sentence"),
    [
        (DOCUMENT, Entry(), "chưa nhập", ""),
        (DOCUMENT, Entry(is_flawed=True), FLAWED, ""),
        (
            DOCUMENT,
            Entry(met=True, has_evidence=False),
            NO_EVIDENCE,
            "Chưa tính là đạt: cần ít nhất 1 minh chứng.",
        ),
        (SHARE, Entry(), "chưa nhập", ""),
        (SHARE, Entry(figures=(Figure(),)), "chưa nhập", ""),
        (SHARE, Entry(figures=(Figure(23),)), PARTIAL, ""),
        (SHARE, Entry(figures=(Figure(total=30),)), PARTIAL, ""),
        (SHARE, Entry(is_flawed=True), FLAWED, ""),
        (
            SHARE,
            Entry(figures=(Figure(0, 0),)),
            NOTHING_TO_COUNT,
            "Tổng số là 0 nên không có tỷ lệ, tính là chưa đánh giá.",
        ),
        (WASTE, shares("95"), PARTIAL, ""),
        (
            WASTE,
            Entry(figures=(Figure(percent=Fraction(95)), Figure())),
            PARTIAL,
            "",
        ),
        (WASTE, Entry(figures=(Figure(), Figure())), "chưa nhập", ""),
        (POVERTY, Entry(), "chưa nhập", ""),
        (POVERTY, Entry(previous=Fraction(1)), PARTIAL, ""),
        (POVERTY, Entry(current=Fraction(0)), PARTIAL, ""),
        (SCIENCE, Entry(is_partial=True), PARTIAL, ""),
        (
            SHARE,
            Entry(figures=(Figure(23, 30),), not_applicable=True),
            PENDING,
            "Không áp dụng: tính là chưa đánh giá cho đến khi được chấp nhận.",
        ),
        (
            SHARE,
            Entry(figures=(Figure(23, 30),), not_applicable=True, accepted=True),
            "",
            "Không áp dụng, đã được chấp nhận; không xét khi tính mức độ.",
        ),
    ],
)
def test_what_is_not_assessed_says_what_is_lacking(measure, entry, lacking, sentence):
    assessment = assess(measure, entry)

    assert assessment.met is None
    assert assessment.share is None
    assert assessment.achieved is None
    assert assessment.lacking == lacking
    assert assessment.figure == ""
    assert assessment.shown == ""
    assert assessment.sentence == sentence


def test_only_an_accepted_claim_excludes():
    claimed = assess(DOCUMENT, Entry(not_applicable=True))
    accepted = assess(DOCUMENT, Entry(not_applicable=True, accepted=True))
    stray = assess(DOCUMENT, Entry(met=True, accepted=True))

    assert [item.not_applicable for item in (claimed, accepted, stray)] == [True, True, False]
    assert [item.excluded for item in (claimed, accepted, stray)] == [False, True, False]
    assert stray.met is True


def test_counts_are_given_only_where_units_are_counted():
    counted = assess(SHARE, Entry(figures=(Figure(Fraction(23), Fraction(30)),)))
    percent_only = assess(SHARE, shares("70"))
    weighed = assess(WASTE, Entry(figures=(Figure(9, 10), Figure(9, 10))))

    assert (counted.achieved, counted.total) == (23, 30)
    assert type(counted.achieved) is int
    assert (percent_only.achieved, percent_only.total) == (None, None)
    assert (weighed.achieved, weighed.total) == (None, None)


def test_of_several_shares_the_farthest_from_the_bound_decides():
    at_most = Measure(Kind.SHARES, Bound("<", Fraction(10)), parts=WASTE.parts)

    assert assess(WASTE, shares("95", "92")).share == Fraction(92, 100)
    assert assess(at_most, shares("5", "12")).share == Fraction(12, 100)
    assert assess(at_most, shares("5", "12")).met is False
    assert assess(at_most, shares("5", "6")).met is True


def test_a_graded_share_is_shown_against_every_level():
    entry = Entry(figures=(Figure(8004, 10000),))

    assert told(assess(SHARE, entry).shown) == "80,0 %"
    assert told(assess(SHARE, entry, bounds=(70, 80, 90)).shown) == "80,04 %"


@pytest.mark.parametrize(("measure", "is_open"), [(POVERTY, True), (GRDP, False), (SHARE, False)])
def test_only_a_fall_by_a_step_can_be_read_in_two_ways(measure, is_open):
    assert measure.is_open_to_reading is is_open


def test_figures_in_full_have_their_unit_and_the_names_of_their_parts():
    said = {
        DOCUMENT: ("", ""),
        SHARE: ("23/30", "23/30"),
        WASTE: ("97,2 và 91,8", "Chất thải rắn 97,2 %, nước thải 91,8 %"),
        POVERTY: ("3,18 còn 1,62", "3,18 % còn 1,62 %"),
        GRDP: ("315.709 lên 352.300", "GRDP: 315.709 lên 352.300"),
        SCIENCE: ("12 vẫn 12", "Số sản phẩm: 12 vẫn 12"),
    }

    for measure, (figure, in_full) in said.items():
        assert told(measure.figure_in_full(figure)) == in_full
        assert measure.figure_in_full("") == ""


def test_figures_of_other_parts_than_the_measure_has_stay_as_they_are():
    assert WASTE.figure_in_full("97,2") == "97,2"
