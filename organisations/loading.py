"""Units and agencies from the files of `fixtures/organisations/`, as often as one likes.

The key is code and first day of validity: in 2025 codes of 2022 were given to other units.
A second load renews what the file says. The letterhead, which is only derived, is filled when a
unit is first seen and is the administrator's from then on.
"""

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from django.db import transaction

from organisations.models import Organisation
from organisations.text import nfc

Kind = Organisation.Kind
KINDS = {
    "quận": Kind.DISTRICT,
    "huyện": Kind.DISTRICT,
    "thị xã": Kind.DISTRICT,
    "phường": Kind.COMMUNE,
    "xã": Kind.COMMUNE,
    "thị trấn": Kind.COMMUNE,
    "đặc khu": Kind.COMMUNE,
}
KEY = ["code", "valid_from"]
RENEWED = ["name", "short_name", "kind", "type", "parent", "valid_to", "search"]


class LoadError(Exception):
    """The file is not what it should be; the message names the line."""


@transaction.atomic
def load_units(path: Path, *, valid_from: date, valid_to: date | None) -> int:
    """Units of administration, parents before children; returns how many the file holds."""
    units: dict[str, Organisation] = {}
    for line, row in _rows(path, ["code", "name", "type", "parent_code"]):
        parent = None
        if row["parent_code"]:
            parent = units.get(row["parent_code"])
            if parent is None:
                raise LoadError(f"{path.name}, dòng {line}: chưa có đơn vị {row['parent_code']}.")
        if row["code"] in units:
            raise LoadError(f"{path.name}, dòng {line}: mã {row['code']} có hai lần.")
        unit = Organisation(
            code=row["code"],
            name=row["name"],
            short_name=_without_type(row["name"], row["type"]),
            kind=_kind(row["type"], parent, f"{path.name}, dòng {line}"),
            type=row["type"],
            parent=parent,
            valid_from=valid_from,
            valid_to=valid_to,
        )
        unit.search = unit.computed_search()
        _derive_letterhead(unit)
        units[unit.code] = unit
    for kind in (Kind.CITY, Kind.DISTRICT, Kind.COMMUNE):  # a parent has its key before its child
        _store([unit for unit in units.values() if unit.kind == kind])
    return len(units)


@transaction.atomic
def load_agencies(path: Path, *, valid_from: date, valid_to: date | None = None) -> int:
    """Agencies of the city; returns how many the file holds."""
    city = Organisation.objects.in_force(valid_from).filter(kind=Kind.CITY).first()
    agencies = []
    for _line, row in _rows(path, ["code", "name", "kind"]):
        agency = Organisation(
            code=row["code"],
            name=row["name"],
            short_name=row.get("short_name", ""),
            kind=Kind.AGENCY,
            type=row["kind"],
            parent=city,
            valid_from=valid_from,
            valid_to=valid_to,
            issuer_name=row["name"],
            document_code=row.get("document_code", ""),
            place=city.short_name if city else "",
        )
        agency.search = agency.computed_search()
        if agency.type == "sở":
            agency.superior_name = city.issuer_name if city else ""
            agency.signer_position = "GIÁM ĐỐC"  # head-led: signs in its own name
        agencies.append(agency)
    _store(agencies)
    return len(agencies)


def _rows(path: Path, columns: list[str]) -> Iterator[tuple[int, dict[str, str]]]:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        missing = [column for column in columns if column not in (reader.fieldnames or [])]
        if missing:
            raise LoadError(f"{path.name}: thiếu cột {', '.join(missing)}.")
        for row in reader:
            yield reader.line_num, {key: nfc(value or "").strip() for key, value in row.items()}


def _kind(unit_type: str, parent: Organisation | None, where: str) -> str:
    if parent is None and unit_type == "thành phố":
        return Kind.CITY
    if unit_type == "thành phố":
        return Kind.DISTRICT  # thành phố thuộc thành phố
    if unit_type not in KINDS:
        raise LoadError(f"{where}: không rõ loại đơn vị “{unit_type}”.")
    return KINDS[unit_type]


def _without_type(name: str, unit_type: str) -> str:
    """ "Huyện Vĩnh Bảo" → "Vĩnh Bảo"."""
    if name.lower().startswith(unit_type + " "):
        return name[len(unit_type) + 1 :]
    return name


def _derive_letterhead(unit: Organisation) -> None:
    """A People's Committee names no superior above itself and signs collectively."""
    unit.issuer_name = f"Ủy ban nhân dân {unit.name_in_sentence}"
    unit.document_code = "UBND"
    unit.place = unit.short_name
    unit.signing_authority = "TM. ỦY BAN NHÂN DÂN"
    unit.signer_position = "CHỦ TỊCH"


def _store(organisations: list[Organisation]) -> None:
    Organisation.objects.bulk_create(
        organisations, update_conflicts=True, unique_fields=KEY, update_fields=RENEWED
    )
