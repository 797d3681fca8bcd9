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
        problems = {}
        organisation, problem = _organisation(values, units)
        if problem:
            problems[problem[0]] = problem[1]
        role = ROLES.get(search_key(values["role"]), "")
        if values["role"] and not role:
            choices = ", ".join(label for _, label in Role.choices)
            problems["role"] = f"“{values['role']}” không phải vai trò. Chọn: {choices}."
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


def _organisation(values, units) -> tuple[Organisation | None, tuple[str, str] | None]:
    code = values["unit_code"]
    if not code:
        return None, None
    found = units.get(code, [])
    since = values.get("unit_since", "")
    if since and found:
        day = _day(since)
        if day is None:
            return None, ("unit_since", f"“{since}” không phải ngày. Ghi theo dạng 01/02/2020.")
        found = [unit for unit in found if unit.valid_from == day]
    if not found:
        return None, ("unit_code", f"Không có đơn vị mã “{code}”. Xem trang “Đơn vị” của mẫu.")
    if len(found) > 1:
        periods = " hoặc ".join(f"{unit.valid_from:%d/%m/%Y} ({unit.name})" for unit in found)
        return None, ("unit_code", f"Mã {code} có nhiều đơn vị. Ghi cột ngày: {periods}.")
    return found[0], None


def _day(text: str) -> date | None:
    try:
        return datetime.strptime(text, "%d/%m/%Y").date()  # noqa: DTZ007
    except ValueError:
        return None
