"""`manage.py determine` and `manage.py export_criteria`, on which others rely."""

import io
import json
import sys

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from criteria.loading import SetInUse, load_criteria_set
from criteria.models import CriteriaSet

from .conftest import ALL_GOOD

pytestmark = pytest.mark.django_db


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
        **ALL_GOOD,
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
    answer = determine({**ALL_GOOD, "2.1.1": {"achieved": 7, "total": 10}}, tmp_path)

    assert answer["level"] == 1
    assert answer["next"] == {"level": 2, "needs": [{"code": "2.1.1", "more": 2}]}
    assert answer["sentence"].startswith("Mức độ 1 vì 2.1.1 đạt 70,0\u00a0% (7/10);")


def test_determine_at_the_highest_level_has_no_next(district_set, tmp_path):
    answer = determine(ALL_GOOD, tmp_path)

    assert (answer["level"], answer["next"]) == (3, None)


def test_what_is_left_out_is_not_assessed(district_set, tmp_path):
    answer = determine({}, tmp_path)

    assert len(answer["not_assessed"]) == 16
    assert answer["weakest"] == []


def test_a_list_gives_a_list(district_set, tmp_path):
    answers = determine([ALL_GOOD, {}], tmp_path)

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


def test_determine_names_every_fault_one_to_a_line(district_set, tmp_path):
    dossiers = [
        ALL_GOOD,
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
    text = "\ufeff" + json.dumps({**ALL_GOOD, "2.1.1": {"achieved": 7, "total": 10}})
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


@pytest.mark.parametrize(
    ("which", "sources"),
    [
        ("district", {"2.1.1": "agencies", "2.1.2": "communes"}),
        ("city", {"2.1.1": "agencies", "2.1.2": "districts"}),
    ],
)
def test_export_says_what_a_derived_share_is_counted_from(which, sources, request, capsys):
    call_command("export_criteria", request.getfixturevalue(f"{which}_set").code)

    exported = json.loads(capsys.readouterr().out)
    told = {
        indicator["code"]: indicator["measure"]["counted_from"]
        for standard in exported["standards"]
        for criterion in standard["criteria"]
        for indicator in criterion["indicators"]
        if "counted_from" in indicator["measure"]
    }
    assert told == sources


def test_a_set_without_the_source_is_another_set(district_set, district_data):
    """What a migration said of sets in use is what the file says, word for word."""
    del indicator_of(district_data, "2.1.1")["measure"]["counted_from"]

    with pytest.raises(SetInUse):
        load_criteria_set(district_data, in_use={district_set.code})


def indicator_of(data, code):
    return next(
        item
        for standard in data["standards"]
        for criterion in standard["criteria"]
        for item in criterion["indicators"]
        if item["code"] == code
    )
