"""The grid of titles: who sees and types what, saved row by row or as a page, found, added up."""

import json
import re

import pytest
from django.urls import reverse

from evaluations.actions.titles import save_titles
from evaluations.models import TitleCount
from evaluations.title_reading import shown_titles
from evaluations.views.registers import PAGE_SIZE
from organisations.models import Role
from tests.factories import (
    holding,
    make_agencies,
    make_city,
    make_commune,
    make_communes,
    make_district,
    make_line,
    make_round,
    make_user,
)

Title = TitleCount.Title
NBSP = "\u00a0"


@pytest.fixture
def pilot_round(db):
    return make_round()


@pytest.fixture
def lines(pilot_round, district):
    """Two communes with letters that a keyboard may lack, one given and one not."""
    names = [("Xã Dũng Tiến", "11827"), ("Xã Thủy Đường", "11830")]
    units = [make_commune(name, code, parent=district) for name, code in names]
    lines = [make_line(pilot_round, unit) for unit in units]
    give(lines[0], registered=90, recognised=80, out_of=100)
    return lines


@pytest.fixture
def keeper(client, editor):
    """The person who keeps the register, signed in."""
    client.force_login(editor)
    return editor


def give(line, title=Title.FAMILY, **counts):
    return TitleCount.objects.create(result=line, title=title, **counts)


def address(lines, **asked):
    place = [lines[0].pilot_round_id, lines[0].owner_id]
    return reverse("evaluations:titles", args=place, query=asked)


def save_address(line, title="gia-dinh"):
    return reverse("evaluations:save-titles", args=[line.pk], query={"danh-hieu": title})


def sent(line, base=None, **counts):
    """What the page sends of one row: its fields of families, and what they showed."""
    base = shown_titles(line) if base is None else base
    typed = {f"{line.pk}-{name}": text for name, text in counts.items()}
    return typed | {"line": str(line.pk), f"{line.pk}-base": json.dumps(base)}


def autosave(client, line, base=None, title="gia-dinh", **counts):
    return client.post(
        save_address(line, title), sent(line, base, **counts), headers={"HX-Request": "true"}
    )


def saved_row(answer):
    return json.loads(answer["HX-Trigger"])["line:saved"]


def family(line):
    return line.titles.get(title=Title.FAMILY)


def text_of(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


# --- Reading ----------------------------------------------------------------------------------


def test_page_says_that_titles_have_no_part_in_the_level(client, keeper, lines):
    page = text_of(client.get(address(lines)))

    assert "Không tính vào mức độ công nhận" in page
    assert "Theo Quyết định 448/QĐ-KHVN năm 2015, giai đoạn 2016–2020" in page
    assert "không thuộc chỉ báo nào nên không đổi mức độ" in page


def test_grid_has_a_row_for_each_commune_with_its_counts(client, keeper, lines):
    page = client.get(address(lines)).content.decode()

    first, second = (line.pk for line in lines)
    assert f'name="{first}-family_recognised" value="80"' in page
    assert f'name="{second}-family_recognised" value=""' in page
    assert f"80,0{NBSP}%" in page
    assert page.count("data-line=") == 2


def test_totals_stand_on_top_for_every_title(client, keeper, lines):
    give(lines[1], Title.CLAN, recognised=1234)

    page = text_of(client.get(address(lines)))

    assert "Gia đình học tập 80/100 80,0 % Đã nhập 1/2 xã, đăng ký 90" in page
    assert "Dòng họ học tập 1.234 Đã nhập 1/2 xã" in page
    assert "Đơn vị học tập (thuộc xã) – Đã nhập 0/2 xã" in page


def test_share_on_top_is_of_the_figure_beside_it(client, keeper, lines):
    give(lines[1], recognised=50)

    page = text_of(client.get(address(lines)))

    assert "80/100 80,0 % Đã nhập 2/2 xã, đăng ký 90; cùng 1 xã chưa ghi tổng số" in page
    assert "chưa ghi tổng số: công nhận 130" in page


def test_each_title_has_its_own_grid(client, keeper, lines):
    give(lines[0], Title.CLAN, recognised=7)

    page = client.get(address(lines, **{"danh-hieu": "dong-ho"})).content.decode()

    assert f'name="{lines[0].pk}-clan_recognised" value="7"' in page
    assert "family_recognised" not in page.replace("&quot;", "")
    assert "Tổng số dòng họ" in page


def test_previous_year_stands_beside(client, keeper, lines):
    before = make_line(lines[0].pilot_round, lines[0].unit, year=2021)
    give(before, recognised=1204, out_of=1500)
    give(before, Title.CLAN, recognised=9)

    this_year = client.get(address(lines)).content.decode()
    last_year = client.get(address(lines, nam=2021)).content.decode()

    assert "1.204/1.500" in this_year
    assert f'name="{before.pk}-family_recognised" value="1204"' in last_year
    assert "Danh hiệu của Hội Khuyến học năm 2021" in last_year


def test_communes_are_found_without_diacritics_and_by_code(client, keeper, lines):
    for asked in ("thuy duong", "THUỶ ĐƯỜNG", "11830"):
        page = text_of(client.get(address(lines, q=asked)))

        assert "Xã Thủy Đường" in page
        assert "Xã Dũng Tiến" not in page


def test_filters_leave_what_they_say(client, keeper, lines, pilot_round):
    excluded = make_line(pilot_round, make_commune("Xã Cũ", parent=lines[0].owner), in_scope=False)
    give(lines[1], unread={"recognised": "1.234"})
    give(lines[0], Title.CLAN, unread={"recognised": "1.234"})
    names = {"Xã Dũng Tiến": lines[0], "Xã Thủy Đường": lines[1], "Xã Cũ": excluded}

    def left(slug):
        page = text_of(client.get(address(lines, loc=slug)))
        return [name for name in names if name in page]

    page = text_of(client.get(address(lines)))
    assert "Tất cả 3 Chưa nhập 1 Cần sửa 1 Ngoài phạm vi 1" in page
    assert left("chua-nhap") == ["Xã Thủy Đường"]
    assert left("can-sua") == ["Xã Thủy Đường"]
    assert left("ngoai-pham-vi") == ["Xã Cũ"]
    assert left("khong-co") == list(names)


def test_filter_keeps_title_and_year(client, keeper, lines):
    page = client.get(address(lines, **{"danh-hieu": "dong-ho", "nam": "2021"})).content.decode()

    assert "danh-hieu=dong-ho&amp;nam=2021&amp;loc=chua-nhap" in page
    assert '<input type="hidden" name="danh-hieu" value="dong-ho">' in page
    assert '<input type="hidden" name="nam" value="2021">' in page


def test_excluded_commune_is_shown_without_fields_and_added_to_nothing(client, keeper, lines):
    give(lines[1], recognised=50, out_of=50)
    lines[1].in_scope, lines[1].exclusion_reason = False, "Sáp nhập vào xã khác"
    lines[1].save()

    page = client.get(address(lines)).content.decode()

    assert "Sáp nhập vào xã khác" in page
    assert f'name="{lines[1].pk}-family_recognised"' not in page
    assert "Đã nhập 1/1 xã" in page


@pytest.mark.parametrize("role", [Role.APPRAISER, Role.APPROVER, Role.COUNCIL, Role.OBSERVER])
def test_reader_sees_counts_and_no_field(client, lines, role):
    client.force_login(make_user(role))
    TitleCount.objects.update(recognised=1204, out_of=1500)

    page = client.get(address(lines)).content.decode()

    assert "1.204" in page
    assert "data-line" not in page
    assert '<input class="cell' not in page
    assert "saving.js" not in page


@pytest.mark.parametrize("who", ["elsewhere", "commune", "administrator"])
def test_who_may_not_know_the_register_finds_nothing(client, lines, who):
    user = {
        "elsewhere": lambda: make_user(Role.LEADER),
        "commune": lambda: make_user(Role.LEADER, lines[0].unit),
        "administrator": lambda: make_user(Role.ADMINISTRATOR),
    }[who]()
    client.force_login(user)

    assert client.get(address(lines)).status_code == 404
    assert client.post(address(lines), sent(lines[0], family_recognised="1")).status_code == 404
    assert autosave(client, lines[0], family_recognised="1").status_code in (403, 404)
    assert family(lines[0]).recognised == 80


@pytest.mark.parametrize("asked", [{"danh-hieu": "khong-co"}, {"nam": "2019"}, {"nam": "x"}])
def test_address_of_what_is_not_there_is_not_found(client, keeper, lines, asked):
    assert client.get(address(lines, **asked)).status_code == 404


def test_city_has_no_titles(client, appraiser, pilot_round):
    city = make_city()
    make_agencies(pilot_round, city, [None])
    client.force_login(appraiser)

    place = [pilot_round.pk, city.pk]
    assert client.get(reverse("evaluations:titles", args=place)).status_code == 404


def test_register_without_communes_says_what_to_do(client, appraiser, pilot_round):
    owner = make_district()
    make_agencies(pilot_round, owner, [None])
    client.force_login(appraiser)

    page = client.get(reverse("evaluations:titles", args=[pilot_round.pk, owner.pk]))

    assert "Danh sách chưa có xã nào." in text_of(page)


@pytest.mark.parametrize("count", [1, 300])
def test_page_takes_constant_queries(client, keeper, pilot_round, count, django_assert_num_queries):
    lines = make_communes(pilot_round, keeper.organisation, [None] * count)
    past = [make_line(pilot_round, line.unit, year=2021) for line in lines]
    TitleCount.objects.bulk_create(
        TitleCount(result=line, title=title, recognised=1, out_of=2)
        for line in (*lines, *past)
        for title in Title
    )
    client.get(address(lines))  # the round that is shown is remembered

    with django_assert_num_queries(17):
        page = client.get(address(lines))

    assert page.content.decode().count("data-line=") == min(count, PAGE_SIZE)


def test_own_registers_lead_to_the_titles(client, keeper, lines):
    page = client.get(reverse("evaluations:registers"), {"dot": lines[0].pilot_round_id})

    assert f'href="{address(lines)}"' in page.content.decode()


def test_page_of_a_commune_has_its_titles_beside_its_result(client, keeper, lines):
    give(lines[0], Title.CLAN, unread={"recognised": "mười"})

    page = client.get(lines[0].get_absolute_url())

    said = text_of(page)
    assert "Gia đình học tập 80/100 = 80,0 %" in said
    assert "Dòng họ học tập cần sửa" in said
    assert "Đơn vị học tập (thuộc xã) chưa nhập" in said
    assert f'href="{address(lines)}"' in page.content.decode()


def test_commune_itself_sees_its_titles_and_no_way_to_the_others(client, lines):
    client.force_login(make_user(Role.LEADER, lines[0].unit))

    page = client.get(lines[0].get_absolute_url())

    assert "Gia đình học tập 80/100 = 80,0 %" in text_of(page)
    assert address(lines) not in page.content.decode()


# --- Saved row by row -------------------------------------------------------------------------


def test_row_saves_itself_and_moves_the_totals(client, keeper, lines):
    answer = autosave(client, lines[1], family_recognised="30", family_out_of="50")

    page = answer.content.decode()
    assert answer.status_code == 200
    assert (family(lines[1]).recognised, family(lines[1]).out_of) == (30, 50)
    assert f"110/150</span><span>73,3{NBSP}%" in page
    assert f'id="tinh-{lines[1].pk}" hx-swap-oob="true">60,0{NBSP}%' in page
    assert 'id="dem-chua-nhap" class="none" hx-swap-oob="true">0</span>' in page
    assert "Đã lưu lúc" in page
    assert "<input" not in page
    assert saved_row(answer)["shown"] == {"family_recognised": "30", "family_out_of": "50"}
    assert saved_row(answer)["wrong"] == []
    assert "X-Unsaved" not in answer


def test_next_save_is_compared_with_what_was_written(client, keeper, lines):
    first = autosave(client, lines[0], family_recognised="81")

    base = json.loads(saved_row(first)["base"])
    assert base["family_recognised"] == "81"
    second = autosave(client, lines[0], base, family_recognised="82")

    assert "X-Unsaved" not in second
    assert family(lines[0]).recognised == 82


def test_what_cannot_be_taken_is_kept_and_said_under_its_row(client, keeper, lines):
    answer = autosave(client, lines[0], family_recognised="1.234")

    said = text_of(answer)
    assert "Được công nhận: “1.234” có hai cách hiểu" in said
    assert "Chữ đã gõ vẫn được giữ để sửa, ô này chưa tính." in said
    assert "Cần sửa" in said
    assert saved_row(answer)["wrong"] == ["family_recognised"]
    assert 'value="1.234"' in client.get(address(lines)).content.decode()
    assert family(lines[0]).recognised is None


def test_more_recognised_than_registered_is_asked_about(client, keeper, lines):
    answer = autosave(client, lines[0], family_recognised="95")

    assert "Công nhận 95, nhiều hơn đăng ký 90. Đúng thì để nguyên." in text_of(answer)
    assert "Cần sửa" not in re.sub(r"Cần sửa\s+\d", "", text_of(answer))
    assert family(lines[0]).recognised == 95


def test_two_people_in_one_field_see_both_and_choose(client, keeper, lines, leader):
    opened = shown_titles(lines[0])
    save_titles(result=lines[0], values={"family_recognised": "70"}, base=opened, by=leader)

    answer = autosave(client, lines[0], opened, family_recognised="75", family_out_of="120")

    said = text_of(answer)
    assert answer["X-Unsaved"] == "1"
    assert f"{leader.full_name} vừa sửa đúng ô anh, chị đang gõ." in said
    assert "Được công nhận: bản đã lưu 70 , bản của anh, chị 75" in said
    assert (family(lines[0]).recognised, family(lines[0]).out_of) == (70, 120)

    chosen = sent(lines[0], opened, family_recognised="75") | {
        f"{lines[0].pk}-seen": json.dumps({"family_recognised": "70"}),
        "mine": lines[0].pk,
    }
    client.post(save_address(lines[0]), chosen)
    assert family(lines[0]).recognised == 75


def test_other_title_of_the_row_is_left_alone(client, keeper, lines):
    answer = autosave(client, lines[0], title="dong-ho", clan_recognised="7")

    assert (family(lines[0]).recognised, lines[0].titles.count()) == (80, 2)
    assert "Tổng số dòng họ" not in answer.content.decode()


def test_commune_s_problem_with_one_title_is_not_said_on_the_page_of_another(client, keeper, lines):
    give(lines[0], Title.CLAN, unread={"recognised": "mười"})

    families = text_of(client.get(address(lines)))
    clans = text_of(client.get(address(lines, **{"danh-hieu": "dong-ho"})))

    assert "“mười” không phải là số" not in families
    assert "“mười” không phải là số" in clans


@pytest.mark.parametrize("role", [Role.APPRAISER, Role.OBSERVER])
def test_reader_writes_nothing(client, lines, role):
    client.force_login(make_user(role))

    assert autosave(client, lines[0], family_recognised="1").status_code == 403
    assert client.post(address(lines), sent(lines[0], family_recognised="1")).status_code == 403
    assert family(lines[0]).recognised == 80


def test_agency_s_line_has_no_titles_to_save(client, keeper, pilot_round):
    (agency,) = make_agencies(pilot_round, keeper.organisation, [None])

    assert autosave(client, agency, {}, family_recognised="1").status_code == 404


@pytest.mark.parametrize("count", [1, 300])
def test_row_is_saved_in_constant_queries(
    client, keeper, pilot_round, count, django_assert_num_queries
):
    lines = make_communes(pilot_round, keeper.organisation, [None] * count)
    for line in lines:
        give(line, recognised=1)
    autosave(client, lines[0], family_recognised="2")
    base = shown_titles(lines[0])

    with django_assert_num_queries(28 + holding()):
        autosave(client, lines[0], base, family_recognised="3")


# --- Saved as a page, without a script --------------------------------------------------------


def test_page_posted_whole_saves_what_changed_and_comes_back(client, keeper, lines):
    where = address(lines, **{"danh-hieu": "gia-dinh", "loc": "chua-nhap"})
    data = sent(lines[0], family_recognised="80", family_out_of="100")
    data |= sent(lines[1], family_recognised="30", family_out_of="5O")
    data["line"] = [line.pk for line in lines]

    answer = client.post(where, data)

    assert (answer.status_code, answer.url) == (302, where)
    assert family(lines[1]).recognised == 30
    assert family(lines[1]).unread == {"out_of": "5O"}
    page = text_of(client.get(address(lines)))
    assert "Đã lưu 1 dòng." in page
    assert "“5O” không phải là số" in page


def test_page_posted_as_it_was_changes_nothing(client, keeper, lines):
    data = sent(lines[0], family_recognised="80", family_out_of="100")

    client.post(address(lines), data)

    assert "Không có gì thay đổi." in text_of(client.get(address(lines)))
    assert lines[0].events.count() == 0


def test_page_comes_back_with_both_versions_where_two_people_met(client, keeper, lines, leader):
    opened = shown_titles(lines[0])
    save_titles(result=lines[0], values={"family_recognised": "70"}, base=opened, by=leader)
    data = sent(lines[0], opened, family_recognised="75")
    data |= sent(lines[1], family_recognised="30")
    data["line"] = [line.pk for line in lines]

    answer = client.post(address(lines), data)

    assert answer.status_code == 409
    page = answer.content.decode()
    assert "bản đã lưu <b" in page
    assert f'name="{lines[0].pk}-family_recognised" value="75"' in page
    assert family(lines[0]).recognised == 70
    assert family(lines[1]).recognised == 30


def test_text_too_long_to_keep_stays_on_the_page_and_the_rest_is_saved(client, keeper, lines):
    data = sent(lines[1], family_recognised="1" * 41, family_out_of="50")

    answer = client.post(address(lines), data)

    assert answer.status_code == 409
    assert f'value="{"1" * 41}"' in answer.content.decode()
    assert (family(lines[1]).recognised, family(lines[1]).out_of) == (None, 50)


def test_lines_of_another_register_are_not_saved(client, keeper, lines, pilot_round):
    (elsewhere,) = make_communes(pilot_round, make_district(), [None])
    last_year = make_line(pilot_round, lines[0].unit, year=2021)

    for other in (elsewhere, last_year):
        answer = client.post(address(lines), sent(other, family_recognised="30"))

        assert answer.status_code == 302
        assert other.titles.count() == 0
