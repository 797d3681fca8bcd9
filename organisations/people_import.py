"""From rows of an Excel file to accounts, or to everything that is wrong with them."""

from collections import defaultdict
from datetime import date, datetime

from organisations.forms.people import PersonForm
from organisations.models import Organisation, Role, User
from organisations.people_file import COLUMNS, CellError, Row
from organisations.text import search_key

ROLES = {search_key(label): value for value, label in Role.choices}
FIELD_COLUMNS = {"organisation": "unit_code"}


def check(rows: list[Row]) -> tuple[list[User], list[CellError]]:
    """The accounts that the rows describe, and all errors at once; nothing is stored."""
    units = defaultdict(list)
    for unit in Organisation.objects.order_by("valid_from"):
        units[unit.code].append(unit)
    first_use: dict[str, int] = {}
    people, errors = [], []
    for row in rows:
        values = row.values
        organisation, problems = _organisation(values, units)
        role = ROLES.get(search_key(values["role"]), "")
        if values["role"] and not role:
            choices = ", ".join(label for _, label in Role.choices)
            problems["role"] = f"“{values['role']}” không phải vai trò. Chọn: {choices}."
        if not values["unit_code"] and role != Role.ADMINISTRATOR:
            # Said here: where the role is unknown too, the form cannot tell that a unit is due.
            problems["unit_code"] = "Ghi mã đơn vị của người này."
        username = User.objects.normalize_username(values["username"])
        if username and username in first_use:
            problems["username"] = f"Trùng tên đăng nhập với dòng {first_use[username]}."
        first_use.setdefault(username, row.number)

        form = PersonForm(
            {**values, "role": role, "organisation": organisation and organisation.pk}
        )
        if form.is_valid() and not problems:
            people.append(form.instance)
            continue
        for field, messages in form.errors.items():
            column = FIELD_COLUMNS.get(field, field)
            if column in COLUMNS:
                problems.setdefault(column, " ".join(messages))
        subject = values["full_name"] or values["username"] or f"Dòng {row.number}"
        errors += [
            CellError(row.address(column), subject, problems[column])
            for column in COLUMNS
            if column in problems
        ]
    return people, errors


def _organisation(values, units) -> tuple[Organisation | None, dict[str, str]]:
    """The unit that a row means, and what is wrong with either of the cells that name it."""
    code, since = values["unit_code"], values.get("unit_since", "")
    problems = {}
    day = _day(since) if since else None
    if since and day is None:
        problems["unit_since"] = f"“{since}” không phải ngày. Ghi theo dạng 01/02/2020."
    found = [unit for unit in units.get(code, []) if day is None or unit.valid_from == day]
    if code and not found:
        problems["unit_code"] = f"Không có đơn vị mã “{code}”. Xem trang “Đơn vị” của mẫu."
    if len(found) > 1:
        periods = " hoặc ".join(f"{unit.valid_from:%d/%m/%Y} ({unit.name})" for unit in found)
        problems["unit_code"] = f"Mã {code} có nhiều đơn vị. Ghi cột ngày: {periods}."
    return (found[0] if len(found) == 1 else None), problems


def _day(text: str) -> date | None:
    try:
        return datetime.strptime(text, "%d/%m/%Y").date()  # noqa: DTZ007
    except ValueError:
        return None
