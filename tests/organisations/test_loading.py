from datetime import date
from pathlib import Path

import pytest

from organisations.collation import vietnamese_order
from organisations.loading import LoadError, load_agencies, load_units
from organisations.models import Organisation

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "organisations"
IN_2022 = date(2022, 6, 1)
IN_2025 = date(2025, 8, 1)
Kind = Organisation.Kind

pytestmark = pytest.mark.django_db


def load_2022():
    period = {"valid_from": date(2020, 2, 1), "valid_to": date(2024, 12, 31)}
    return load_units(FIXTURES / "units-2022.csv", **period)


def load_2025():
    return load_units(FIXTURES / "units-2025.csv", valid_from=date(2025, 7, 1), valid_to=None)


def count(kind, on):
    return Organisation.objects.in_force(on).filter(kind=kind).count()


def test_the_units_of_2022_are_one_city_15_districts_and_217_communes():
    assert load_2022() == 233

    assert [count(kind, IN_2022) for kind in (Kind.CITY, Kind.DISTRICT, Kind.COMMUNE)] == [
        1,
        15,
        217,
    ]
    vinh_bao = Organisation.objects.get(code="316")
    assert vinh_bao.children.filter(kind=Kind.COMMUNE).count() == 30
    assert vinh_bao.parent.name == "Thành phố Hải Phòng"
    assert (vinh_bao.short_name, vinh_bao.type) == ("Vĩnh Bảo", "huyện")


@pytest.mark.parametrize(
    ("code", "issuer", "place"),
    [
        ("31", "Ủy ban nhân dân thành phố Hải Phòng", "Hải Phòng"),
        ("316", "Ủy ban nhân dân huyện Vĩnh Bảo", "Vĩnh Bảo"),
        ("305", "Ủy ban nhân dân quận Lê Chân", "Lê Chân"),
        ("11824", "Ủy ban nhân dân thị trấn Vĩnh Bảo", "Vĩnh Bảo"),
    ],
)
def test_letterhead_of_a_peoples_committee_is_derived(code, issuer, place):
    load_2022()

    unit = Organisation.objects.get(code=code)

    assert (unit.issuer_name, unit.place, unit.superior_name) == (issuer, place, "")
    assert (unit.document_code, unit.signing_authority) == ("UBND", "TM. ỦY BAN NHÂN DÂN")


def test_2025_stands_beside_2022_with_reused_codes_and_no_district_level():
    load_2022()

    assert load_2025() == 115

    assert count(Kind.DISTRICT, IN_2025) == 0
    assert count(Kind.COMMUNE, IN_2025) == 114
    assert count(Kind.COMMUNE, IN_2022) == 217
    reused = Organisation.objects.filter(code="11311").order_by("valid_from")
    assert [unit.name for unit in reused] == ["Phường Minh Khai", "Phường Hồng Bàng"]
    new_city = Organisation.objects.in_force(IN_2025).get(kind=Kind.CITY)
    assert {unit.parent for unit in Organisation.objects.in_force(IN_2025) if unit.parent} == {
        new_city
    }


def test_loading_again_renews_the_name_and_keeps_the_edited_letterhead():
    load_2022()
    Organisation.objects.filter(code="316").update(name="sai", signer_name="Trần Văn Trưởng")
    before = set(Organisation.objects.values_list("pk", flat=True))

    load_2022()

    assert set(Organisation.objects.values_list("pk", flat=True)) == before
    unit = Organisation.objects.get(code="316")
    assert (unit.name, unit.signer_name) == ("Huyện Vĩnh Bảo", "Trần Văn Trưởng")


def test_agencies_belong_to_the_city_and_the_department_signs_in_its_own_name():
    load_2022()

    assert load_agencies(FIXTURES / "agencies-2022.csv", valid_from=date(2020, 2, 1)) == 13

    department = Organisation.objects.get(code="SGDDT")
    assert department.kind == Kind.AGENCY
    assert department.superior_name == "Ủy ban nhân dân thành phố Hải Phòng"
    assert (department.issuer_name, department.place) == ("Sở Giáo dục và Đào tạo", "Hải Phòng")
    assert (department.document_code, department.short_name) == ("SGDĐT", "Sở GD&ĐT")
    assert (department.signing_authority, department.signer_position) == ("", "GIÁM ĐỐC")
    assert department.parent.kind == Kind.CITY


@pytest.mark.parametrize("text", ["thuy nguyen", "Thuỷ Nguyên", "THỦY  NGUYÊN", "311"])
def test_units_are_found_whatever_the_marks(text):
    load_2022()

    found = Organisation.objects.districts().matching(text)

    assert [unit.name for unit in found] == ["Huyện Thủy Nguyên"]


def test_districts_sort_in_vietnamese_order():
    load_2022()

    districts = Organisation.objects.districts().order_by(vietnamese_order("short_name"))

    names = [unit.short_name for unit in districts]
    assert names.index("Dương Kinh") < names.index("Đồ Sơn") < names.index("Hải An")
    assert names[0] == "An Dương"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("code,name,type\n31,A,thành phố\n", "thiếu cột parent_code"),
        ("code,name,type,parent_code\n1,Xã A,xã,99\n", "dòng 2: chưa có đơn vị 99"),
        ("code,name,type,parent_code\n1,Ấp A,ấp,\n", "dòng 2: không rõ loại đơn vị “ấp”"),
        (
            "code,name,type,parent_code\n1,Xã A,xã,\n1,Xã B,xã,\n",
            "dòng 3: mã 1 có hai lần",
        ),
    ],
)
def test_a_faulty_file_stores_nothing_and_names_its_line(tmp_path, text, complaint):
    path = tmp_path / "units.csv"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(LoadError, match=complaint):
        load_units(path, valid_from=date(2020, 2, 1), valid_to=None)

    assert not Organisation.objects.exists()
