"""Rows that tests need, with sensible defaults; what matters in a test is said in the test."""

from datetime import date
from itertools import count

from model_bakery import baker

from organisations.models import Organisation, Role, User

PASSWORD = "mat-khau-thu-2022"
_numbers = count(1)


def make_city(name="Thành phố Hải Phòng", code="31", **fields) -> Organisation:
    """The city of the year 2022; the same row when asked again."""
    found = Organisation.objects.filter(
        kind=Organisation.Kind.CITY, code=code, valid_from=date(2020, 2, 1)
    ).first()
    return found or _make_unit(
        name, code, kind=Organisation.Kind.CITY, type="thành phố", parent=None, **fields
    )


def make_district(name=None, code=None, **fields) -> Organisation:
    number = next(_numbers)
    name = name or f"Huyện Số {number}"
    if "parent" not in fields:
        fields["parent"] = make_city()
    fields.setdefault("type", name.split()[0].lower())
    return _make_unit(name, code or f"d{number}", kind=Organisation.Kind.DISTRICT, **fields)


def make_commune(name=None, code=None, **fields) -> Organisation:
    number = next(_numbers)
    name = name or f"Xã Số {number}"
    if "parent" not in fields:
        fields["parent"] = make_district()
    fields.setdefault("type", name.split()[0].lower())
    return _make_unit(name, code or f"c{number}", kind=Organisation.Kind.COMMUNE, **fields)


def make_agency(name=None, code=None, **fields) -> Organisation:
    number = next(_numbers)
    fields.setdefault("type", "sở")
    fields.setdefault("short_name", "")
    return _make_unit(
        name or f"Sở Số {number}", code or f"S{number}", kind=Organisation.Kind.AGENCY, **fields
    )


def make_department(**fields) -> Organisation:
    """Sở Giáo dục và Đào tạo, the standing agency; the same row when asked again."""
    return Organisation.objects.filter(code="SGDDT").first() or make_agency(
        "Sở Giáo dục và Đào tạo", "SGDDT", **fields
    )


def make_user(role=Role.EDITOR, organisation=None, **fields) -> User:
    """A person who may sign in; everyone but an administrator gets an organisation."""
    number = next(_numbers)
    if organisation is None and role != Role.ADMINISTRATOR:
        organisation = make_district()
    fields.setdefault("username", f"nguoi.{number}")
    fields.setdefault("full_name", f"Nguyễn Văn {number}")
    password = fields.pop("password", PASSWORD)
    return User.objects.create_user(
        password=password, role=role, organisation=organisation, **fields
    )


def _make_unit(name, code, **fields) -> Organisation:
    fields.setdefault("short_name", name.split(maxsplit=1)[-1])
    fields.setdefault("valid_from", date(2020, 2, 1))
    fields.setdefault("valid_to", None)
    unit = baker.prepare(Organisation, name=name, code=code, **fields)
    unit.search = unit.computed_search()
    unit.save()
    return unit
