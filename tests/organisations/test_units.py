from datetime import date

import pytest
from pytest_django.asserts import assertContains, assertRedirects

from organisations.models import Organisation
from tests.factories import make_commune, make_district

UNITS = "/don-vi/"


def letterhead(**changes):
    return {
        "short_name": "Vĩnh Bảo",
        "superior_name": "",
        "issuer_name": "Ủy ban nhân dân huyện Vĩnh Bảo",
        "document_code": "UBND",
        "place": "Vĩnh Bảo",
        "signing_authority": "TM. ỦY BAN NHÂN DÂN",
        "signer_position": "CHỦ TỊCH",
        "signer_name": "Trần Văn Trưởng",
        **changes,
    }


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=thuy nguyen", ["Huyện Thủy Nguyên"]),
        ("q=THUỶ", ["Huyện Thủy Nguyên"]),
        ("kind=commune", ["Xã Minh Tân", "Xã Minh Tân"]),
        ("kind=commune&on=01/06/2022", ["Xã Minh Tân"]),
        ("on=01/08/2025&q=vinh", []),
        ("q=khong co", []),
    ],
)
def test_units_are_found_by_name_kind_and_day(client, administrator, district, query, found):
    Organisation.objects.filter(pk=district.pk).update(valid_to=date(2024, 12, 31))
    make_district("Huyện Thủy Nguyên")
    make_commune("Xã Minh Tân", parent=district)
    make_commune("Xã Minh Tân", parent=None, valid_from=date(2025, 7, 1))
    client.force_login(administrator)

    response = client.get(f"{UNITS}?{query}")

    assert [unit.name for unit in response.context["page"]] == found


def test_units_of_one_district(client, administrator, district):
    make_commune("Xã Tân Liên", parent=district)
    make_commune()
    client.force_login(administrator)

    response = client.get(f"{UNITS}?district={district.pk}")

    assert [unit.name for unit in response.context["page"]] == ["Xã Tân Liên"]


def test_impossible_day_is_told_and_narrows_nothing(client, administrator, district):
    client.force_login(administrator)

    response = client.get(f"{UNITS}?on=31/02/2022")
    misspelt = client.get(f"{UNITS}?on=2022-31")

    assertContains(response, "Ngày 31/02/2022 không có.")
    assertContains(misspelt, "Ghi ngày theo dạng 31/12/2022.")
    assertContains(response, "Huyện Vĩnh Bảo")


def test_list_of_units_costs_the_same_however_long(client, administrator, count_queries):
    client.force_login(administrator)
    make_commune()
    few = count_queries(UNITS)

    for _ in range(12):
        make_commune()

    assert count_queries(UNITS) == few


def test_list_is_paged(client, administrator, district):
    for _ in range(60):
        make_commune(parent=district)
    client.force_login(administrator)

    assertContains(client.get(f"{UNITS}?page=2"), "Trang 2/2")


def test_letterhead_is_saved_with_its_search_key(client, administrator, district):
    client.force_login(administrator)

    response = client.post(f"{UNITS}{district.pk}/", letterhead(short_name="Vĩnh Bảo mới"))

    assertRedirects(response, UNITS)
    district.refresh_from_db()
    assert district.signer_name == "Trần Văn Trưởng"
    assert district.search == "huyen vinh bao vinh bao moi"


def test_letterhead_needs_an_issuer_and_a_place(client, administrator, district):
    client.force_login(administrator)

    response = client.post(f"{UNITS}{district.pk}/", letterhead(issuer_name="", place=""))

    assert set(response.context["form"].errors) == {"issuer_name", "place"}
    district.refresh_from_db()
    assert district.signer_name == ""


def test_code_and_name_do_not_come_from_the_form(client, administrator, district):
    client.force_login(administrator)

    client.post(f"{UNITS}{district.pk}/", letterhead(name="Quận Khác", code="1", kind="city"))

    district.refresh_from_db()
    assert (district.name, district.code, district.kind) == ("Huyện Vĩnh Bảo", "316", "district")


def test_unknown_unit_is_not_found(client, administrator):
    client.force_login(administrator)

    assert client.get(f"{UNITS}999999/").status_code == 404


def test_recipients_are_kept_bare_as_the_paper_lists_them(client, administrator, district):
    client.force_login(administrator)
    pasted = "- Thường trực Huyện u\u0309y  (để báo cáo);\r\n\r\n• Hội Khuyến học huyện.\r\n"

    client.post(
        f"{UNITS}{district.pk}/",
        letterhead(drafting_unit=" GDĐT. ", standing_recipients=pasted),
    )

    district.refresh_from_db()
    assert district.drafting_unit == "GDĐT"
    assert district.standing_recipients.splitlines() == [
        "Thường trực Huyện ủy (để báo cáo)",
        "Hội Khuyến học huyện",
    ]


def test_recipients_that_no_paper_can_bear_are_refused(client, administrator, district):
    client.force_login(administrator)
    cases = {
        ("drafting_unit", "VT, GDĐT"): "Chỉ ghi tên viết tắt",
        ("drafting_unit", "Lưu: GDĐT"): "Chỉ ghi tên viết tắt",
        ("drafting_unit", "G" * 41): "40",
        ("standing_recipients", "Hội Khuyến học huyện\nLưu: VT, GDĐT"): "báo cáo tự ghi dòng này",
        ("standing_recipients", "- Như trên;"): "báo cáo tự ghi dòng này",
        ("standing_recipients", "H" * 101): "dài 101 ký tự",
        ("standing_recipients", "\n".join(f"Xã {n}" for n in range(11))): "Có 11 dòng",
    }
    for (name, typed), said in cases.items():
        response = client.post(f"{UNITS}{district.pk}/", letterhead(**{name: typed}))
        errors = response.context["form"].errors
        assert list(errors) == [name], typed
        assert said in str(errors[name]), typed

    district.refresh_from_db()
    assert (district.drafting_unit, district.standing_recipients) == ("", "")
    client.post(
        f"{UNITS}{district.pk}/",
        letterhead(drafting_unit="VTLT", standing_recipients="\n".join(["H" * 100] * 10)),
    )
    district.refresh_from_db()
    assert len(district.standing_recipients) == 1009
