"""`manage.py determine` and `manage.py export_criteria`, on which others rely."""

import io
import json
import sys

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from criteria.models import CriteriaSet

pytestmark = pytest.mark.django_db


def all_good():
    """A district that reaches level 3 in everything."""
    return {
        **{code: {"met": True} for code in ("1.1.1", "1.1.2", "1.2.1", "1.2.2", "1.2.3", "3.2.1")},
        **{code: {"achieved": 19, "total": 20} for code in ("2.1.1", "2.1.2", "2.2.1", "2.2.2")},
        "2.2.4": {"percent": "95"},
        "2.2.3": {"achieved": 1, "total": 1},
        "3.1.1": {"previous": "3.2", "current": "1.7"},
        "3.1.2": {"parts": [{"percent": "92.5"}, {"achieved": 9, "total": 10}]},
        "3.2.2": {"achieved": 6, "total": 31482},
        "3.2.3": {"percent": 57.3},
    }


def determine(data, tmp_path, set_code="quan-huyen-2022"):
    out = io.StringIO()
    call_command("determine", set_code, _file(data, tmp_path), stdout=out)
    return json.loads(out.getvalue())


def refusal(data, tmp_path, set_code="quan-huyen-2022"):
    """The lines on stderr, with nothing on stdout and exit code 1."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.raises(SystemExit) as stopped:
        call_command("determine", set_code, _file(data, tmp_path), stdout=out, stderr=err)
    assert (stopped.value.code, out.getvalue()) == (1, "")
    return err.getvalue().splitlines()


def _file(data, tmp_path):
    path = tmp_path / "ho-so.json"
    path.write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")
    return str(path)


def test_determine_answers_as_the_design_says(district_set, tmp_path):
    dossier = {
        **all_good(),
        "1.2.1": {"met": None},
        "2.1.1": {"achieved": 7, "total": 10},
        "2.2.1": {"percent": "81.5"},
        "2.2.3": {"not_applicable": True, "accepted": True},
        "3.2.1": {"met": False},
    }

    answer = determine(dossier, tmp_path)

    assert list(answer) == [
        *("level", "unmet", "not_assessed", "excluded", "weakest", "next", "sentence")
    ]
    assert answer | {"sentence": ""} == {
        "level": 0,
        "unmet": ["3.2.1"],
        "not_assessed": ["1.2.1"],
        "excluded": ["2.2.3"],
        "weakest": ["2.1.1"],
        "next": {
            "level": 1,
            "needs": [{"code": "1.2.1", "more": None}, {"code": "3.2.1", "more": None}],
        },
        "sentence": "",
    }


def test_determine_names_the_units_to_the_next_level(district_set, tmp_path):
    answer = determine({**all_good(), "2.1.1": {"achieved": 7, "total": 10}}, tmp_path)

    assert answer["level"] == 1
    assert answer["next"] == {"level": 2, "needs": [{"code": "2.1.1", "more": 2}]}
    assert answer["sentence"].startswith("Mức độ 1 vì 2.1.1 đạt 70,0\u00a0% (7/10);")


def test_determine_at_the_highest_level_has_no_next(district_set, tmp_path):
    answer = determine(all_good(), tmp_path)

    assert (answer["level"], answer["next"]) == (3, None)


@pytest.mark.parametrize(
    ("share", "level"),
    [
        ({"achieved": 6999999, "total": 10000000}, 0),
        ({"percent": "69.99999999999999999"}, 0),
        ({"percent": 70.0}, 1),
        ('{"percent": 80.00000000000000000}', 1),
        ('{"percent": 80.00000000000000001}', 2),  # a float would read exactly 80
        ('{"percent": 8.1e1}', 2),
        ({"percent": "90"}, 2),
        ({"achieved": 999999999999999, "total": 999999999999999}, 3),
    ],
)
def test_determine_reads_numbers_exactly(district_set, tmp_path, share, level):
    text = json.dumps({**all_good(), "2.2.1": "HERE"})
    share = share if isinstance(share, str) else json.dumps(share)

    assert determine(text.replace('"HERE"', share), tmp_path)["level"] == level


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
def test_determine_tells_nought_from_nothing(district_set, tmp_path, entry, where):
    answer = determine({**all_good(), **entry}, tmp_path)

    assert answer[where] == list(entry)


def test_what_is_left_out_is_not_assessed(district_set, tmp_path):
    answer = determine({}, tmp_path)

    assert len(answer["not_assessed"]) == 16
    assert answer["weakest"] == []


def test_a_list_gives_a_list(district_set, tmp_path):
    answers = determine([all_good(), {}], tmp_path)

    assert [answer["level"] for answer in answers] == [3, 0]
    assert determine([], tmp_path) == []


def test_the_city_has_its_own_rule(city_set, tmp_path):
    graded = ("2.1.1", "2.1.2", "2.2.1", "2.2.2", "2.2.3", "2.2.4")
    documents = ("1.1.1", "1.1.2", "1.2.1", "1.2.2", "1.2.3", "3.2.1", "3.2.2")
    city = {
        **{code: {"met": True} for code in documents},
        **{code: {"achieved": 13, "total": 15} for code in graded},
        "3.1.1": {"previous": "315709.5", "current": "365585"},
        "3.1.2": {"previous": "3.2", "current": "1.7"},
        "3.1.3": {"previous": 41, "current": 42},
        "3.1.4": {"percent": "66"},
        "3.1.5": {"parts": [{"percent": 100}, {"percent": 90}]},
        "3.2.3": {"achieved": 0, "total": 400000},
        "3.2.4": {"achieved": 1, "total": 2},
    }

    assert determine(city, tmp_path, "thanh-pho-2022")["level"] == 2
    city["3.1.3"] = {"previous": 41, "current": 41}
    assert determine(city, tmp_path, "thanh-pho-2022")["unmet"] == ["3.1.3"]
    city["3.1.3"] = {"previous": 41, "current": "41.5"}
    assert refusal(city, tmp_path, "thanh-pho-2022") == ["3.1.3.current: 41.5 phải là số nguyên."]


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
def test_determine_refuses_what_cannot_be_meant(district_set, tmp_path, data, message):
    assert refusal(data, tmp_path) == [message]


def test_determine_names_every_fault_one_to_a_line(district_set, tmp_path):
    dossiers = [
        all_good(),
        {"2.1.1": {"achieved": -1, "total": True}, "9.9.9": {}},
        7,
    ]

    assert refusal(dossiers, tmp_path) == [
        "hồ sơ 2: 2.1.1.achieved: không được âm.",
        "hồ sơ 2: 2.1.1.total: phải là một số, không phải true.",
        "hồ sơ 2: 9.9.9: bộ tiêu chí không có chỉ báo này.",
        "hồ sơ 3: phải là một đối tượng JSON, không phải 7.",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "Không đọc được JSON: sai ở dòng 1, cột 1."),
        ('{"2.1.1":\n {', "Không đọc được JSON: sai ở dòng 2, cột 3."),
        ("[" * 100_000, "Không đọc được JSON: lồng quá sâu."),
        ('{"2.1.1": {"total": ' + "9" * 5000 + "}}", "Không đọc được JSON: có số quá dài."),
    ],
)
def test_determine_says_why_a_file_is_no_json(district_set, tmp_path, text, message):
    with pytest.raises(CommandError, match=f"^{message}$"):
        determine(text, tmp_path)


def test_determine_says_why_a_file_cannot_be_read(district_set, tmp_path):
    latin = tmp_path / "latin.json"
    latin.write_bytes(b'{"\xe9": 1}')

    with pytest.raises(CommandError, match="không phải UTF-8"):
        call_command("determine", "quan-huyen-2022", str(latin))
    with pytest.raises(CommandError, match="Không đọc được tệp"):
        call_command("determine", "quan-huyen-2022", str(tmp_path / "missing.json"))


def test_determine_reads_stdin(district_set, monkeypatch, capsys):
    text = "\ufeff" + json.dumps({**all_good(), "2.1.1": {"achieved": 7, "total": 10}})
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))

    call_command("determine", "quan-huyen-2022", "-")

    assert json.loads(capsys.readouterr().out)["level"] == 1


@pytest.mark.parametrize("command", [["export_criteria"], ["determine"]])
def test_a_set_that_is_not_loaded_says_so(command, tmp_path):
    rest = [str(tmp_path)] if command == ["determine"] else []

    with pytest.raises(CommandError, match=r"“x”. Chưa nạp bộ nào: chạy manage.py load_reference"):
        call_command(*command, "x", *rest)


def test_a_database_without_tables_says_what_to_run(monkeypatch):
    def fail(*args):
        raise OperationalError("no such table: criteria_criteriaset")

    monkeypatch.setattr(CriteriaSet.objects, "with_text", fail)

    with pytest.raises(CommandError, match=r"no such table.*migrate, rồi manage.py load_reference"):
        call_command("export_criteria", "quan-huyen-2022")


def test_an_unknown_set_names_those_there_are(district_set, city_set):
    with pytest.raises(CommandError, match="Đã nạp: quan-huyen-2022, thanh-pho-2022"):
        call_command("export_criteria", "x")


@pytest.mark.parametrize("which", ["district", "city"])
def test_export_prints_the_set_as_the_design_says(which, request, capsys):
    criteria_set = request.getfixturevalue(f"{which}_set")
    data = request.getfixturevalue(f"{which}_data")

    call_command("export_criteria", criteria_set.code)

    exported = json.loads(capsys.readouterr().out)
    assert list(exported) == ["code", "title", "standards"]
    expected = []
    for standard in data["standards"]:
        for criterion in standard["criteria"]:
            for item in criterion["indicators"]:
                del item["short_name"]
                expected.append(list(item))
    assert exported == {key: data[key] for key in exported}
    assert {tuple(keys) for keys in expected} == {
        ("code", "text", "as_published", "guidance", "lead", "partners", "role", "measure")
    }
