"""JSON into entries: exact, strict, and every fault with its place."""

import json

import pytest

from criteria.determining import entries_from_data, read_json

from .conftest import ALL_GOOD, rule_from

RULE = rule_from("quan-huyen-2022")


def level_of(text):
    entries, messages = entries_from_data(RULE, read_json(text))
    assert messages == []
    return RULE.determine(entries)


@pytest.mark.parametrize(
    ("share", "level"),
    [
        ({"achieved": 6999999, "total": 10000000}, 0),
        ({"percent": "69.99999999999999999"}, 0),
        ({"percent": 70.0}, 1),
        ('{"percent": 80.00000000000000000}', 1),
        ('{"percent": 80.00000000000000001}', 2),  # a float would read exactly 80
        ('{"percent": 8.1e1}', 2),
        ('{"percent": 8100000e-5}', 2),
        ({"percent": "90"}, 2),
        ({"achieved": 999999999999999, "total": 999999999999999}, 3),
    ],
)
def test_numbers_are_read_exactly(share, level):
    text = json.dumps({**ALL_GOOD, "2.2.1": "HERE"})
    share = share if isinstance(share, str) else json.dumps(share)

    assert level_of(text.replace('"HERE"', share)).level == level


@pytest.mark.parametrize(
    ("entry", "where"),
    [
        ({"2.2.1": {}}, "not_assessed"),
        ({"2.2.1": {"achieved": None, "total": None}}, "not_assessed"),
        ({"2.2.1": {"achieved": 0, "total": 0}}, "not_assessed"),
        ({"2.2.1": {"achieved": 5}}, "not_assessed"),
        ({"2.2.1": {"not_applicable": True}}, "not_assessed"),
        ({"2.2.1": {"not_applicable": True, "accepted": True}}, "excluded"),
        ({"2.2.1": {"not_applicable": False, "accepted": False}}, "not_assessed"),
        ({"2.2.1": {"achieved": 0, "total": 5}}, "weakest"),
        ({"2.2.3": {"achieved": 0, "total": 0}}, "not_assessed"),
        ({"2.2.3": {"achieved": 0, "total": 1}}, "unmet"),
        ({"3.1.1": {"previous": 3}}, "not_assessed"),
        ({"3.1.1": {"previous": 3, "current": 1.51}}, "unmet"),
        ({"3.1.2": {"parts": None}}, "not_assessed"),
        ({"3.1.2": {"parts": [{"percent": "95"}, {}]}}, "not_assessed"),
        ({"3.1.2": {"parts": [{"percent": "95"}, {"achieved": 8.9, "total": 10}]}}, "unmet"),
        ({"3.2.2": {"achieved": 1, "total": 2000}}, "unmet"),
        ({"1.1.1": {"met": False}}, "unmet"),
        ({"1.1.1": {}}, "not_assessed"),
    ],
)
def test_nought_is_told_from_nothing(entry, where):
    determination = level_of(json.dumps({**ALL_GOOD, **entry}))

    assert getattr(determination, where) == tuple(entry)


WRONG = [
    ({"9.9.9": {}}, "9.9.9: bộ tiêu chí không có chỉ báo này."),
    ({"2.1.1": 5}, "2.1.1: phải là một đối tượng JSON, không phải 5."),
    ({"2.1.1": None}, "2.1.1: phải là một đối tượng JSON, không phải null."),
    ({"2.1.1": [1]}, "2.1.1: phải là một đối tượng JSON, không phải danh sách."),
    ({"2.1.1": {"achieved": -1, "total": 5}}, "2.1.1.achieved: không được âm."),
    ({"2.1.1": {"percent": "-0.5"}}, "2.1.1.percent: không được âm."),
    ({"2.1.1": {"achieved": 6, "total": 5}}, "2.1.1.achieved: 6 lớn hơn tổng số 5."),
    ({"2.1.1": {"achieved": 1, "total": 0}}, "2.1.1.achieved: 1 lớn hơn tổng số 0."),
    ({"2.1.1": {"achieved": True, "total": 5}}, "2.1.1.achieved: phải là một số, không phải true."),
    ({"2.1.1": {"achieved": "5", "total": 5}}, '2.1.1.achieved: phải là một số, không phải "5".'),
    ({"2.1.1": {"achieved": {}}}, "2.1.1.achieved: phải là một số, không phải đối tượng."),
    ({"2.1.1": {"achieved": 4.5, "total": 5}}, "2.1.1.achieved: 4.5 phải là số nguyên."),
    ({"2.1.1": {"achieved": 4.0, "total": 5}}, "2.1.1.achieved: 4.0 phải là số nguyên."),
    ('{"2.1.1": {"percent": NaN}}', "2.1.1.percent: phải là một số, không phải NaN."),
    ('{"2.1.1": {"total": Infinity}}', "2.1.1.total: phải là một số, không phải Infinity."),
    ('{"2.1.1": {"total": -Infinity}}', "2.1.1.total: phải là một số, không phải -Infinity."),
    ({"2.1.1": {"percent": "NaN"}}, "2.1.1.percent: “NaN” không phải số; viết như 81.5, "
     "dấu chấm thập phân."),
    ({"2.1.1": {"percent": "1e1"}}, "2.1.1.percent: “1e1” không phải số; viết như 81.5, "
     "dấu chấm thập phân."),
    ({"2.1.1": {"percent": "81,5"}}, "2.1.1.percent: “81,5” không phải số; viết như 81.5, "
     "dấu chấm thập phân."),
    ({"2.1.1": {"percent": "100.1"}}, "2.1.1.percent: 100,1\u00a0% lớn hơn 100\u00a0%."),
    ({"2.1.1": {"achieved": 7, "total": 10, "percent": "71"}}, "2.1.1.percent: 7/10 = "
     "70,0\u00a0%, khác 71\u00a0%. Sửa số, hoặc bỏ trống tỷ lệ."),
    ({"2.1.1": {"percent": "5" * 31}}, "2.1.1.percent: số quá dài."),
    ({"2.1.1": {"total": 10**15}}, "2.1.1.total: số quá dài."),
    ('{"2.1.1": {"percent": 1e999999999}}', "2.1.1.percent: số quá dài."),
    # Each of these would keep a Fraction busy for minutes.
    ('{"2.1.1": {"percent": 1e-99999999}}', "2.1.1.percent: số quá dài."),
    ('{"2.1.1": {"total": 1e-99999999}}', "2.1.1.total: số quá dài."),
    ('{"2.1.1": {"total": 0e99999999}}', "2.1.1.total: số quá dài."),
    ('{"3.1.1": {"previous": 3, "current": 0e-99999999}}', "3.1.1.current: số quá dài."),
    ({"2.1.1": {"met": True}}, "2.1.1: không có mục “met”; chỉ nhận accepted, achieved, "
     "not_applicable, percent, total."),
    ({"1.1.1": {"met": "yes"}}, '1.1.1.met: phải là true hoặc false, không phải "yes".'),
    ({"1.1.1": {"met": 1}}, "1.1.1.met: phải là true hoặc false, không phải 1."),
    ({"1.1.1": {"not_applicable": "x" * 40}}, "1.1.1.not_applicable: phải là true hoặc false, "
     f'không phải "{"x" * 29}…".'[:-2] + "."),
    ({"1.1.1": {"accepted": True}}, "1.1.1.accepted: chỉ đi cùng “not_applicable”: true."),
    ({"3.1.1": {"previous": "101", "current": 1}}, "3.1.1.previous: là tỷ lệ phần trăm, "
     "không lớn hơn 100."),
    ({"3.1.2": {"parts": {}}}, "3.1.2.parts: phải là một danh sách, không phải đối tượng."),
    ({"3.1.2": {"parts": [{"percent": 95}]}}, "3.1.2.parts: phải có đúng 2 phần (Chất thải rắn, "
     "Nước thải), đang có 1."),
    ({"3.1.2": {"parts": [{"percent": 95}, 3]}}, "3.1.2.parts[2]: phải là một đối tượng JSON, "
     "không phải 3."),
    ({"3.1.2": {"parts": [{"percent": 95}, {"part": 3}]}}, "3.1.2.parts[2]: không có mục “part”; "
     "chỉ nhận achieved, percent, total."),
    ({"3.1.2": {"parts": [{"percent": 95}, {"achieved": 11, "total": 10}]}},
     "3.1.2.parts[2].achieved: 11 lớn hơn tổng số 10."),
    ('{"2.1.1": {"total": 5, "total": 6}}', "2.1.1: khóa lặp lại: total."),
    ('{"1.1.1": {"met": {"a": 1, "a": 2}}}', "1.1.1.met: phải là true hoặc false, "
     "không phải đối tượng có khóa lặp lại."),
    ('{"2.1.1": {}, "2.1.1": {}}', "khóa lặp lại: 2.1.1."),
    ("5", "phải là một đối tượng JSON, không phải 5."),
    ('"2.1.1"', 'phải là một đối tượng JSON, không phải "2.1.1".'),
]  # fmt: skip


@pytest.mark.parametrize(("data", "message"), WRONG)
def test_what_cannot_be_meant_is_refused_with_its_place(data, message):
    text = data if isinstance(data, str) else json.dumps(data)

    _, messages = entries_from_data(RULE, read_json(text))

    assert messages == [message]


def test_a_number_whose_exponent_has_no_end_is_no_json():
    with pytest.raises(ValueError, match="có số quá dài"):
        read_json('{"2.1.1": {"percent": 1e-99999999999999999999}}')
