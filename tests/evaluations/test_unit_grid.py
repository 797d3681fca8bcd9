"""The grid of a register: its rows, filters and pages, and saving them one by one or at once."""

import json
from datetime import date
from http import HTTPStatus

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from evaluations.actions.unit_results import save_line
from evaluations.models import UnitResult
from evaluations.unit_reading import FIELDS, shown_line
from evaluations.unit_sheets import SheetStatus
from organisations.models import Role
from tests.factories import (
    holding,
    make_agencies,
    make_agency,
    make_commune,
    make_communes,
    make_counted_set,
    make_dossier,
    make_line,
    make_round,
    make_user,
)

pytestmark = pytest.mark.django_db

HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def dossier(district):
    return make_dossier(district, pilot_round=make_round(district_set=make_counted_set()))


@pytest.fixture
def desk(client, editor):
    client.force_login(editor)
    return client


def url_of(dossier, kind="xa"):
    return reverse("evaluations:register", args=[dossier.pilot_round_id, dossier.unit_id, kind])


def names(answer) -> list[str]:
    return [row.line.unit.name for row in answer.context["rows"]]


def commune(dossier, name, code=None, **fields):
    unit = make_commune(name, code, parent=dossier.unit)
    return make_line(dossier.pilot_round, unit, **fields)


# --- Rows -------------------------------------------------------------------------------------


def test_rows_stand_in_the_order_of_their_codes_and_are_numbered(desk, dossier):
    for code, name in (("11911", "Xã Trấn Dương"), ("11824", "Thị trấn Vĩnh Bảo")):
        commune(dossier, name, code)

    answer = desk.get(url_of(dossier))

    assert names(answer) == ["Thị trấn Vĩnh Bảo", "Xã Trấn Dương"]
    assert [row.number for row in answer.context["rows"]] == [1, 2]


def test_agencies_are_ordered_by_the_size_of_their_number(desk, dossier):
    for code in ("316-1000", "316-200"):
        make_line(dossier.pilot_round, make_agency(code, code, parent=dossier.unit))

    assert names(desk.get(url_of(dossier, "co-quan"))) == ["316-200", "316-1000"]


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"rating": "kha"}, "Từ Khá trở lên"),
        ({"rating": "trung-binh"}, "Dưới Khá"),
        ({}, "Chưa có kết quả"),
        ({"in_scope": False}, "Ngoài phạm vi"),
        ({"rating": "kha", "in_scope": False}, "Ngoài phạm vi"),
        ({"unread": {"rating": "Kha"}}, "Cần sửa"),
        ({"rating": "kha", "unread": {"decision_on": "31/11/2022"}}, "Từ Khá trở lên"),
    ],
)
def test_row_says_what_it_counts_as(desk, dossier, fields, word):
    commune(dossier, "Xã Tam Đa", **fields)

    (row,) = desk.get(url_of(dossier)).context["rows"]

    assert row.mark.word == word


def test_row_shows_the_year_before_and_what_the_unit_says_of_itself(desk, dossier):
    unit = make_agency(parent=dossier.unit)
    make_line(dossier.pilot_round, unit, rating="trung-binh", year=2021)
    line = make_line(dossier.pilot_round, unit, self_score=84)
    line.self_rating = dossier.pilot_round.agency_points.ratings.get(code="kha")
    line.save()

    (row,) = desk.get(url_of(dossier, "co-quan")).context["rows"]

    assert (row.past, row.own_short) == ("Trung bình", "Khá, 84")


def test_points_are_asked_only_where_they_have_ratings(desk, dossier):
    make_communes(dossier.pilot_round, dossier.unit, [None])
    make_agencies(dossier.pilot_round, dossier.unit, [None])

    assertNotContains(desk.get(url_of(dossier)), '-score"')
    assertContains(desk.get(url_of(dossier, "co-quan")), '-score"')


def test_text_that_is_no_rating_stays_in_its_field_with_what_to_do(desk, dossier):
    commune(dossier, "Xã Tam Đa", unread={"rating": "Kha"})

    answer = desk.get(url_of(dossier))

    assertContains(answer, "<option selected>Kha</option>", html=True)
    assertContains(answer, "“Kha” không phải xếp loại. Chọn Tốt, Khá, Trung bình hoặc Chưa đạt.")


def test_unit_out_of_scope_has_no_fields_and_says_why(desk, dossier):
    line = commune(dossier, "Xã Tam Đa", in_scope=False, exclusion_reason="Lùi sang năm sau")

    answer = desk.get(url_of(dossier))

    assertContains(answer, "Lùi sang năm sau")
    assertNotContains(answer, f"{line.pk}-rating")


def test_few_missing_are_marked_and_many_are_not(desk, dossier):
    make_communes(dossier.pilot_round, dossier.unit, ["kha", "kha", None])
    few = desk.get(url_of(dossier))
    make_communes(dossier.pilot_round, dossier.unit, [None, None])

    assertContains(few, "nearly-done")
    assertNotContains(desk.get(url_of(dossier)), "nearly-done")


# --- Filters, search, pages -------------------------------------------------------------------


@pytest.fixture
def mixed(dossier):
    """One line of every sort."""
    commune(dossier, "Xã Khá", "1", rating="kha", decision_number="1/QĐ", decision_on="2022-11-25")
    commune(dossier, "Xã Dưới", "2", rating="trung-binh", decision_number="1/QĐ")
    commune(dossier, "Xã Chưa", "3")
    commune(dossier, "Xã Ngoài", "4", in_scope=False)
    commune(dossier, "Xã Sửa", "5", unread={"rating": "Kha"})
    commune(dossier, "Xã Chờ", "6", sheet_status=SheetStatus.SUBMITTED)
    return dossier


@pytest.mark.parametrize(
    ("slug", "count", "wanted"),
    [
        ("", 6, ["Xã Khá", "Xã Dưới", "Xã Chưa", "Xã Ngoài", "Xã Sửa", "Xã Chờ"]),
        ("chua-co", 3, ["Xã Chưa", "Xã Sửa", "Xã Chờ"]),
        ("duoi-kha", 1, ["Xã Dưới"]),
        ("ngoai-pham-vi", 1, ["Xã Ngoài"]),
        ("can-sua", 1, ["Xã Sửa"]),
        ("cho-xac-nhan", 1, ["Xã Chờ"]),
        ("thieu-quyet-dinh", 1, ["Xã Dưới"]),
        ("khong-co-loc-nay", 6, ["Xã Khá", "Xã Dưới", "Xã Chưa", "Xã Ngoài", "Xã Sửa", "Xã Chờ"]),
    ],
)
def test_filter_lists_as_many_as_it_counts(desk, mixed, slug, count, wanted):
    answer = desk.get(url_of(mixed), {"loc": slug})

    assert names(answer) == wanted
    chosen = answer.context["slug"]
    assert {each.slug: each.count for each in answer.context["filters"]}[chosen] == count


@pytest.mark.parametrize("text", ["vinh bao", "Vĩnh Bảo", "VINH", "11824", "thi tran  vinh"])
def test_search_knows_no_diacritics_and_knows_codes(desk, dossier, text):
    commune(dossier, "Thị trấn Vĩnh Bảo", "11824")
    commune(dossier, "Xã Tam Đa", "11866")

    assert names(desk.get(url_of(dossier), {"q": text})) == ["Thị trấn Vĩnh Bảo"]


def test_search_and_filter_go_together(desk, dossier):
    commune(dossier, "Xã Tam Đa", rating="kha")
    commune(dossier, "Xã Tam Cường")

    answer = desk.get(url_of(dossier), {"q": "tam", "loc": "chua-co"})

    assert names(answer) == ["Xã Tam Cường"]
    assertContains(answer, "Tìm “tam” thấy 1 dòng.")


def test_search_without_a_match_offers_the_way_back(desk, dossier):
    commune(dossier, "Xã Tam Đa")

    assertContains(desk.get(url_of(dossier), {"q": "không có"}), "Không có dòng nào hợp")


def test_register_comes_by_the_hundred(desk, dossier):
    make_communes(dossier.pilot_round, dossier.unit, [None] * 101)

    first, second = (desk.get(url_of(dossier), {"trang": page}) for page in (1, 2))

    assert (len(first.context["rows"]), len(second.context["rows"])) == (100, 1)
    assert second.context["rows"][0].number == 101
    assertContains(first, "Trang 1/2, 1–100 trong 101")
    assertContains(first, "?trang=2")


@pytest.mark.parametrize("count", [1, 300])
def test_page_asks_a_constant_number_of_questions(desk, dossier, count, django_assert_num_queries):
    lines = make_agencies(dossier.pilot_round, dossier.unit, ["kha"] * count)
    UnitResult.objects.filter(pk__in=[line.pk for line in lines]).update(
        unread={"decision_on": "31/11/2022"}, sheet_status=SheetStatus.SUBMITTED, self_score=84
    )

    with django_assert_num_queries(26):
        desk.get(url_of(dossier, "co-quan"))


@pytest.mark.parametrize("count", [1, 300])
def test_saving_a_row_asks_a_constant_number_of_questions(
    desk, dossier, count, django_assert_num_queries
):
    lines = make_agencies(dossier.pilot_round, dossier.unit, ["kha"] * count)

    with django_assert_num_queries(31 + holding()):
        save(desk, lines[0], base={"decision_number": ""}, decision_number="12/QĐ")


# --- A row saved by itself --------------------------------------------------------------------


def sent(line, base=None, **typed) -> dict:
    """What a page that was opened now would send about one line."""
    base = shown_line(UnitResult.objects.get(pk=line.pk)) if base is None else base
    fields = {f"{line.pk}-{name}": text for name, text in typed.items()}
    return {f"{line.pk}-base": json.dumps(base), **fields}


def save(client, line, base=None, more=None, **typed):
    url = reverse("evaluations:save-unit-result", args=[line.pk])
    return client.post(url, sent(line, base, **typed) | (more or {}), **HTMX)


def event(answer) -> dict:
    return json.loads(answer["HX-Trigger"])["line:saved"]


@pytest.fixture
def line(dossier):
    return make_line(dossier.pilot_round, make_agency("Phòng Nội vụ", parent=dossier.unit))


def test_row_is_answered_with_pieces_alone(desk, line):
    answer = save(desk, line, rating="Khá")

    for piece in ("trang-thai-luu", "tong", f"tinh-{line.pk}", f"loi-{line.pk}", "dem-chua-co"):
        assertContains(answer, f'id="{piece}"')
    assertContains(answer, "Đã lưu lúc")
    for field in ("<html", "<select", f'name="{line.pk}-rating"'):
        assertNotContains(answer, field)


def test_row_tells_the_page_what_was_understood(desk, line):
    answer = save(desk, line, score="84,50", decision_on="5-1-2022")

    said = event(answer)
    assert said["shown"] == {"score": "84,5", "decision_on": "05/01/2022", "rating": "Khá"}
    assert said["wrong"] == []
    assert json.loads(said["base"])["rating"] == "Khá"


def test_row_tells_the_page_what_is_wrong(desk, line):
    answer = save(desk, line, score="120")

    assert event(answer)["wrong"] == ["score"]
    assertContains(answer, "120 lớn hơn điểm tối đa 100.")
    assert "X-Unsaved" not in answer


def test_base_keeps_what_the_page_shows_where_a_colleague_wrote(desk, line, dossier):
    opened = dict.fromkeys(FIELDS, "")
    colleague = make_user(Role.LEADER, dossier.unit)
    save_line(result=line, values={"decision_number": "12/QĐ"}, base={}, by=colleague)

    first = save(desk, line, base=opened, rating="Khá", decision_number="")
    save(desk, line, base=json.loads(event(first)["base"]), rating="Khá", decision_number="")

    line.refresh_from_db()
    assert line.decision_number == "12/QĐ"


def test_contested_field_is_shown_in_both_versions_and_chosen(desk, line, dossier):
    opened = dict.fromkeys(FIELDS, "")
    colleague = make_user(Role.LEADER, dossier.unit, full_name="Trần Văn Lãnh")
    save_line(result=line, values={"rating": "Trung bình"}, base={}, by=colleague)

    first = save(desk, line, base=opened, rating="Khá")
    seen = {f"{line.pk}-seen": json.dumps({"rating": "Trung bình"})}
    again = save(desk, line, base=opened, rating="Khá", more={**seen, "mine": str(line.pk)})

    assertContains(first, "Trần Văn Lãnh vừa sửa đúng ô anh, chị đang gõ.")
    assert first["X-Unsaved"] == "1"
    assert "X-Unsaved" not in again
    line.refresh_from_db()
    assert line.rating.code == "kha"


def test_text_too_long_to_keep_is_not_taken_and_the_rest_is(desk, line):
    answer = save(desk, line, decision_number="a" * 1001, rating="Khá")

    assert answer["X-Unsaved"] == "1"
    assert event(answer)["wrong"] == ["decision_number"]
    line.refresh_from_db()
    assert (line.rating.code, line.decision_number, line.unread) == ("kha", "", {})


@pytest.mark.parametrize("base", ["", "[]", '{"rating": 5}', "không phải JSON"])
def test_base_that_no_page_of_ours_sends_writes_over_nothing(desk, line, base):
    line.rating = line.pilot_round.agency_points.ratings.get(code="kha")
    line.save()
    url = reverse("evaluations:save-unit-result", args=[line.pk])

    desk.post(url, {f"{line.pk}-base": base, f"{line.pk}-rating": "Tốt"}, **HTMX)

    line.refresh_from_db()
    assert line.rating.code == "kha"


def test_text_is_stored_composed(desk, line):
    save(desk, line, decision_number="12/Q\u0110-UBND Vi\u0303nh Ba\u0309o")

    line.refresh_from_db()
    assert line.decision_number == "12/QĐ-UBND Vĩnh Bảo"


def test_last_words_of_a_closing_page_are_kept_without_an_answer(desk, line):
    url = reverse("evaluations:save-unit-result", args=[line.pk])

    answer = desk.post(url, sent(line, rating="Khá"))

    assert answer.status_code == HTTPStatus.NO_CONTENT
    line.refresh_from_db()
    assert line.rating.code == "kha"


def test_end_of_the_session_is_told_to_the_script(client, line):
    answer = save(client, line, rating="Khá")

    assert answer.status_code == HTTPStatus.UNAUTHORIZED
    assert answer["X-Sign-In"]


def test_result_of_today_moves_the_dossier(desk, line, dossier):
    save(desk, line, rating="Khá")

    answer = desk.get(reverse("evaluations:indicator", args=[dossier.pk, "2.1.1"]))

    assertContains(answer, "1/1")


# --- A page of rows at once -------------------------------------------------------------------


def post_page(client, dossier, lines, typed, base=None, more=None, query=""):
    data = {"line": [line.pk for line in lines]}
    for line in lines:
        data |= sent(line, base, **typed.get(line.pk, {}))
    return client.post(f"{url_of(dossier)}{query}", data | (more or {}))


def test_page_saves_its_rows_and_comes_back_where_it_was(desk, dossier):
    lines = make_communes(dossier.pilot_round, dossier.unit, [None, None, "kha"])
    typed = {lines[0].pk: {"rating": "Tốt"}, lines[1].pk: {"rating": "Giỏi"}}

    answer = post_page(desk, dossier, lines, typed, query="?trang=1&loc=chua-co")

    assertRedirects(answer, f"{url_of(dossier)}?trang=1&loc=chua-co")
    lines[0].refresh_from_db()
    lines[1].refresh_from_db()
    assert lines[0].rating.code == "tot"
    assert lines[1].unread == {"rating": "Giỏi"}


def test_page_writes_only_rows_that_changed(desk, dossier):
    lines = make_communes(dossier.pilot_round, dossier.unit, ["kha"] * 3)
    same = {"rating": "Khá", "decision_number": "", "decision_on": ""}

    post_page(
        desk,
        dossier,
        lines,
        {line.pk: same for line in lines} | {lines[1].pk: {**same, "decision_number": "12/QĐ"}},
    )

    assert [line.events.count() for line in lines] == [0, 1, 0]


def test_page_saves_what_it_can_and_shows_the_rest(desk, dossier):
    lines = make_communes(dossier.pilot_round, dossier.unit, [None, None])
    opened = dict.fromkeys(FIELDS, "")
    colleague = make_user(Role.LEADER, dossier.unit)
    save_line(result=lines[0], values={"rating": "Trung bình"}, base={}, by=colleague)
    typed = {line.pk: {"rating": "Khá"} for line in lines}

    answer = post_page(desk, dossier, lines, typed, base=opened)

    assert answer.status_code == HTTPStatus.CONFLICT
    contested, other = answer.context["rows"]
    assert (contested.shown["rating"], contested.base["rating"]) == ("Khá", "")
    assert other.base["rating"] == "Khá"
    assertContains(answer, "Có chỗ chưa lưu được", status_code=409)
    assert UnitResult.objects.get(pk=lines[1].pk).rating.code == "kha"


@pytest.mark.parametrize(("choice", "code"), [("mine", "kha"), ("theirs", "trung-binh")])
def test_choice_between_two_versions_needs_no_script(desk, dossier, choice, code):
    (line,) = make_communes(dossier.pilot_round, dossier.unit, ["trung-binh"])
    opened = dict.fromkeys(FIELDS, "")
    more = {f"{line.pk}-seen": json.dumps({"rating": "Trung bình"}), choice: str(line.pk)}

    post_page(desk, dossier, [line], {line.pk: {"rating": "Khá"}}, base=opened, more=more)

    line.refresh_from_db()
    assert line.rating.code == code


def test_lines_of_another_register_are_not_taken_along(desk, dossier, outsider):
    foreign_dossier = make_dossier(outsider.organisation, pilot_round=dossier.pilot_round)
    (foreign,) = make_communes(foreign_dossier.pilot_round, foreign_dossier.unit, [None])
    (own,) = make_communes(dossier.pilot_round, dossier.unit, [None])
    typed = {line.pk: {"rating": "Khá"} for line in (own, foreign)}

    post_page(desk, dossier, [own, foreign], typed)

    foreign.refresh_from_db()
    own.refresh_from_db()
    assert (own.rating.code, foreign.rating) == ("kha", None)


def test_lines_that_are_gone_or_never_were_are_told_and_the_rest_is_saved(desk, dossier):
    (line,) = make_communes(dossier.pilot_round, dossier.unit, [None])
    more = {"line": [line.pk, line.pk + 1000, "9" * 30, "x", ""]}

    answer = post_page(desk, dossier, [line], {line.pk: {"rating": "Khá"}}, more=more)

    assertContains(desk.get(answer.url), "Có dòng vừa được bỏ khỏi danh sách nên không lưu.")
    line.refresh_from_db()
    assert line.rating.code == "kha"


@pytest.mark.parametrize("person", ["appraiser", "observer"])
def test_reader_saves_no_page(client, dossier, person, request):
    lines = make_communes(dossier.pilot_round, dossier.unit, [None])
    client.force_login(request.getfixturevalue(person))

    answer = post_page(client, dossier, lines, {lines[0].pk: {"rating": "Khá"}})

    assert answer.status_code == HTTPStatus.FORBIDDEN


@pytest.mark.parametrize("count", [2, 30])  # from more SQLite makes two statements of one
def test_page_is_written_in_a_constant_number_of_questions(
    desk, dossier, count, django_assert_num_queries
):
    lines = make_communes(dossier.pilot_round, dossier.unit, [None] * count)

    with django_assert_num_queries(23 + holding()):
        post_page(desk, dossier, lines, {line.pk: {"rating": "Khá"} for line in lines}, base={})

    assert UnitResult.objects.filter(rating__code="kha").count() == count


def test_whole_page_stays_under_the_number_of_fields_that_is_taken(desk, dossier, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
    lines = make_agencies(dossier.pilot_round, dossier.unit, [None] * 100)
    fields = ("score", "rating", "decision_number", "decision_on", "correction_reason")
    data = {"line": [line.pk for line in lines], "csrfmiddlewaretoken": "x", "mine": "1"}
    for line in lines:
        data |= sent(line, {}, **dict.fromkeys(fields, ""))
        data[f"{line.pk}-seen"] = "{}"

    answer = desk.post(url_of(dossier, "co-quan"), data)

    assert answer.status_code == HTTPStatus.FOUND


def test_year_before_is_saved_on_its_own_page(desk, dossier):
    line = commune(dossier, "Xã Tam Đa", year=2021)

    answer = post_page(desk, dossier, [line], {line.pk: {"rating": "Khá"}}, query="?nam=2021")

    assertRedirects(answer, f"{url_of(dossier)}?nam=2021")
    line.refresh_from_db()
    assert (line.rating.code, line.updated_at.date()) == ("kha", timezone.now().date())
    assert line.year == date(2021, 1, 1).year
