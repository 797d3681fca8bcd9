"""The two sets of the law as `legal.md` knows them, and how sets get into the catalogue."""

import copy
import json
import threading
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction

from criteria.loading import LoadError, SetInUse
from criteria.models import PointItem, PointSet, Rating
from criteria.point_loading import VersionTaken, load_point_set, store_version

AGENCY, COMMUNE = "don-vi-hoc-tap-2020", "cong-dong-hoc-tap-2014"


def data_of(code):
    path = settings.BASE_DIR / "fixtures" / "points" / f"{code}.json"
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.fixture
def agency_data():
    return data_of(AGENCY)


@pytest.fixture
def agency_set(db, agency_data):
    return load_point_set(agency_data)


@pytest.fixture
def commune_set(db):
    return load_point_set(data_of(COMMUNE))


def rows():
    """Every row by its key: nothing made anew."""
    return {
        model: list(model.objects.order_by("pk").values_list("pk", flat=True))
        for model in (PointSet, PointItem, Rating)
    }


def make_version(base, *, seen=None, **changes):
    rule = replace(base.rule, **changes)
    words = {"document": "12/CV-SGDĐT", "note": "", "recorded_by": "Đỗ Thị Quản"}
    return store_version(base, rule, seen=seen or base.version, **words)


# --- What the law says ------------------------------------------------------------------------


def test_agencies_are_scored_by_the_points_of_circular_22(agency_set):
    assert {item.code: item.maximum for item in agency_set.rule.items} == {
        "1": 30,
        "1.1": 10,
        "1.2": 10,
        "1.3": 10,
        "2": 30,
        "2.1": 10,
        "2.2": 5,
        "2.3": 10,
        "2.4": 5,
        "3": 40,
        "3.1": 25,
        "3.2": 15,
    }
    assert agency_set.maximum == 100
    assert agency_set.subject == PointSet.Subject.AGENCY


def test_the_unknown_rest_of_criterion_3_is_one_item_that_says_so(agency_set):
    (rest,) = [item for item in agency_set.rule.items if item.is_remainder]

    assert (rest.code, rest.maximum) == ("3.2", 15)
    assert "chưa xác nhận được" in rest.text
    assert "Sở Giáo dục và Đào tạo có thể tách" in rest.text
    assert "15 điểm còn lại" in agency_set.note


@pytest.mark.parametrize(
    ("score", "label", "is_good"),
    [
        ("100", "Tốt", True),
        ("85", "Tốt", True),
        ("84.99", "Khá", True),
        ("70", "Khá", True),
        ("69.99", "Trung bình", False),
        ("50", "Trung bình", False),
        ("49.99", "Chưa đạt", False),
        ("0", "Chưa đạt", False),
    ],
)
def test_agencies_are_rated_by_the_bands_of_circular_22(agency_set, score, label, is_good):
    band = agency_set.rule.classify(Fraction(score))

    assert (band.label, band.is_good_or_better) == (label, is_good)


def test_communes_have_fifteen_criteria_and_no_points(commune_set):
    rule = commune_set.rule

    assert [item.code for item in rule.items] == [str(number) for number in range(1, 16)]
    assert {item.maximum for item in rule.items} == {None}
    assert [(band.label, band.minimum, band.is_good_or_better) for band in rule.ratings] == [
        ("Tốt", None, True),
        ("Khá", None, True),
        ("Trung bình", None, False),
        ("Chưa đạt", None, False),
    ]
    assert not rule.has_points
    assert rule.classify(Fraction(100)) is None


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (AGENCY, ["Ngày có hiệu lực", "chưa đối chiếu với bản gốc", "không phải nguyên văn"]),
        (COMMUNE, ["15 tiêu chí", "chưa đối chiếu với bản gốc", "giới hạn hệ thống tạm nhận"]),
    ],
)
def test_what_only_a_secondary_page_confirms_is_said(code, said):
    note = data_of(code)["note"]

    assert [words for words in said if words not in note] == []


def test_each_set_stands_for_the_years_of_its_circular(agency_set, commune_set):
    # Thông tư 24/2023 and 25/2023 took their place.
    assert (agency_set.valid_from, agency_set.valid_to) == (date(2020, 9, 21), date(2024, 1, 25))
    assert (commune_set.valid_from, commune_set.valid_to) == (None, date(2024, 2, 11))


# --- From the fixture -------------------------------------------------------------------------


@pytest.mark.parametrize("in_use", [[], [(AGENCY, 1)]])
def test_loading_again_writes_nothing(agency_set, agency_data, in_use, django_assert_num_queries):
    before = rows()

    with django_assert_num_queries(5):  # reads only, and the transaction's own two
        load_point_set(agency_data, in_use=in_use)

    assert rows() == before


def changed(data, *path, to):
    made = copy.deepcopy(data)
    place = made
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = to
    return made


CHANGES = [
    (("title",), "Khác"),
    (("note",), ""),
    (("valid_to",), None),
    (("items", 1, "text"), "Khác"),
    (("items", 10, "is_remainder"), True),
    (("ratings", 1, "label"), "Khá tốt"),
    (("ratings", 1, "minimum"), 65),
]


@pytest.mark.parametrize(("path", "to"), CHANGES)
def test_a_version_in_use_is_not_altered(agency_set, agency_data, path, to):
    before = rows()

    with pytest.raises(SetInUse, match="don-vi-hoc-tap-2020, bản 1, đang dùng trong một đợt"):
        load_point_set(changed(agency_data, *path, to=to), in_use=[(AGENCY, 1)])

    assert rows() == before
    assert load_point_set(agency_data, in_use=[(AGENCY, 1)]) == agency_set


@pytest.mark.parametrize(("path", "to"), CHANGES)
def test_a_version_that_no_round_uses_follows_its_file(agency_set, agency_data, path, to):
    data = changed(agency_data, *path, to=to)

    loaded = load_point_set(data, in_use=[(COMMUNE, 1), (AGENCY, 2)])

    assert loaded.pk == agency_set.pk
    before = rows()
    load_point_set(data, in_use=[(AGENCY, 1)])
    assert rows() == before


def test_a_new_version_of_the_file_stands_beside_the_old(agency_set, agency_data):
    loaded = load_point_set(agency_data | {"version": 2, "title": "Mới"}, in_use=[(AGENCY, 1)])

    assert list(PointSet.objects.newest()) == [loaded]
    assert PointSet.objects.newest_of(AGENCY) == loaded
    assert PointSet.objects.get(version=1).title != "Mới"


def test_a_file_does_not_write_over_what_a_person_made(agency_set, agency_data):
    make_version(agency_set)

    with pytest.raises(SetInUse, match="do Đỗ Thị Quản lập theo 12/CV-SGDĐT"):
        load_point_set(agency_data | {"version": 2, "title": "Mới"})


@pytest.mark.parametrize(
    ("path", "to", "said"),
    [
        (("items", 2, "maximum"), 11, "Tiêu chí 1: 10 \\+ 11 \\+ 10 = 31, phải bằng 30"),
        (("items", 2, "maximum"), "mười", "không phải là số"),
        (("items", 2, "maximum"), "9.999", "chữ số thập phân|hai cách hiểu"),
        (("items", 2, "code"), "1.x", "mã mục “1.x”"),
        (("items", 2, "colour"), "xanh", "colour"),
        (("ratings", 1, "minimum"), 90, "Xếp loại cao hơn"),
        (("subject",), "village", "village"),
        (("valid_to",), "hôm nay", "hôm nay"),
    ],
)
def test_what_is_no_point_set_is_refused_whole(db, agency_data, path, to, said):
    with pytest.raises(LoadError, match=f"{AGENCY}: .*(?:{said})"):
        load_point_set(changed(agency_data, *path, to=to))

    assert not PointSet.objects.exists()


@pytest.mark.parametrize("missing", ["title", "items", "ratings", "note", "maximum", "version"])
def test_a_file_that_lacks_something_is_refused(db, agency_data, missing):
    del agency_data[missing]

    with pytest.raises(LoadError, match=f"thiếu '{missing}'"):
        load_point_set(agency_data)


# --- A person's version -----------------------------------------------------------------------


def test_the_next_version_keeps_all_but_what_was_changed(agency_set):
    rule = agency_set.rule
    rest = replace(
        rule.item("3.2"), text="Nội dung mới", maximum=Decimal("7.5"), is_remainder=False
    )
    more = replace(rest, code="3.3", text="Nội dung khác")

    made = make_version(agency_set, items=(*rule.items[:-1], rest, more))

    assert (made.version, made.title, made.subject) == (2, agency_set.title, agency_set.subject)
    assert (made.valid_from, made.valid_to) == (agency_set.valid_from, agency_set.valid_to)
    assert (made.document, made.recorded_by) == ("12/CV-SGDĐT", "Đỗ Thị Quản")
    assert made.recorded_at
    fresh = PointSet.objects.with_rule().get(pk=made.pk)
    assert fresh.rule.items == (*rule.items[:-1], rest, more)
    assert fresh.rule.ratings == rule.ratings
    # The first version stands as it was.
    assert PointSet.objects.with_rule().get(pk=agency_set.pk).rule == rule


def test_a_version_that_does_not_add_up_is_not_made(agency_set):
    with pytest.raises(ValueError, match="phải bằng"):
        make_version(agency_set, items=agency_set.rule.items[:-1])

    assert PointSet.objects.get() == agency_set


def test_a_version_made_meanwhile_is_not_passed_over(agency_set):
    first = make_version(agency_set)

    with pytest.raises(VersionTaken) as refused:
        make_version(agency_set)

    assert refused.value.newest == first
    assert make_version(agency_set, seen=2).version == 3


@pytest.mark.parametrize("seen", [0, 2, 7, None])
def test_a_version_that_nobody_could_have_seen_leaves_no_gap(agency_set, seen):
    with pytest.raises(VersionTaken):
        store_version(
            agency_set, agency_set.rule, seen=seen, document="x", note="", recorded_by="x"
        )

    assert PointSet.objects.get() == agency_set


def test_of_two_at_the_same_moment_the_constraint_lets_one_through(agency_set, monkeypatch):
    """As if the other's row came between the question and the answer."""
    other = make_version(agency_set)
    answers = iter([agency_set, other])
    monkeypatch.setattr(type(PointSet.objects), "newest_of", lambda self, code: next(answers))

    with pytest.raises(VersionTaken) as refused:
        make_version(agency_set)

    assert refused.value.newest == other
    assert PointSet.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_administrators_at_once_make_one_version(agency_data):
    base = load_point_set(agency_data)
    start, got = threading.Barrier(2), []

    def press():
        start.wait()
        try:
            with transaction.atomic():
                got.append(make_version(PointSet.objects.with_rule().get(pk=base.pk)).version)
        except VersionTaken as taken:
            got.append(f"đã có bản {taken.newest.version}")
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(map(str, got)) == ["2", "đã có bản 2"]
    assert sorted(PointSet.objects.values_list("version", flat=True)) == [1, 2]
    assert PointItem.objects.filter(point_set__version=2).count() == 12


# --- What the database keeps ------------------------------------------------------------------


@pytest.mark.parametrize("model", [PointSet, PointItem, Rating])
def test_the_database_keeps_versions_and_codes_unique(agency_set, model):
    twin = model.objects.first()
    twin.pk = None

    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save(force_insert=True)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("point_item_gives_points", lambda made: made.items.update(maximum=0)),
        ("rating_begins_at_nought_or_more", lambda made: made.ratings.update(minimum=-1)),
        ("one_rating_per_rank", lambda made: made.ratings.update(rank=1)),
    ],
)
def test_the_database_refuses_what_no_set_can_say(agency_set, name, change):
    with pytest.raises(IntegrityError), transaction.atomic():
        change(agency_set)


def test_rows_say_what_they_are(agency_set):
    assert str(agency_set) == "Đánh giá, xếp loại “Đơn vị học tập”, bản 1"
    assert str(agency_set.ratings.get(code="kha")) == "Khá"
    assert str(agency_set.items.get(code="1")) == "1 Điều kiện xây dựng Đơn vị học tập"


def test_the_rule_comes_from_the_rows_without_a_query(agency_set, django_assert_num_queries):
    fetched = PointSet.objects.with_rule().get(pk=agency_set.pk)

    with django_assert_num_queries(0):
        assert len(fetched.rule.items) == 12
