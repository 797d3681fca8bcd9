"""Everything that is kept about one account, for the person who asks (NĐ 13/2023, Điều 9).

Found by asking the models: the account's own row, and every row of any table that names it. So a
new table is told of without a word here.
"""

import json
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction

from organisations.actions import AT_SERVER
from organisations.models import AccountEvent, User

# {field: value}
Row = dict[str, Any]
# {table: rows}; the names are those of the document on personal data.
Tables = dict[str, list[Row]]

# What lets somebody in is nobody's to read, not even the person's.
SECRET = {"password", "key", "code_hash", "session_key", "session_data"}
# Whole dossiers and reports, which the person sent or ordered: not about the person.
OF_DOSSIERS = {"content"}
OF_SOMEBODY_ELSE = "về tài khoản khác, không kèm"


class _Encoder(DjangoJSONEncoder):
    def default(self, value):
        """A file is told by its name."""
        return value.name if hasattr(value, "storage") else super().default(value)


def export_account(*, person: User, reason: str) -> Tables:
    """By whoever may run commands on the server, for a person who has asked."""
    return _export(person, f"{AT_SERVER}: {reason}")


def export_own(*, person: User, how: str) -> Tables:
    """By the person, from the page of their own data; `how` names the kind of file."""
    return _export(person, f"tự tải ở trang “Dữ liệu của tôi”: {how}")


def as_json(tables: Tables) -> str:
    return json.dumps(tables, cls=_Encoder, ensure_ascii=False, indent=1)


def rows_naming(person: User) -> Iterator[models.QuerySet]:
    """Of every table but that of accounts the rows that name this one, by their keys."""
    for model, names in _naming_accounts():
        named = models.Q()
        for name in names:
            named |= models.Q(**{name: person})
        yield model._default_manager.filter(named).order_by("pk")


@transaction.atomic
def _export(person: User, detail: str) -> Tables:
    """That it was asked for stays in the trail of the account, and is the last row of that trail
    in what is handed over."""
    AccountEvent.objects.create(
        person=person, by=person, kind=AccountEvent.Kind.EXPORTED, detail=detail
    )
    tables = {"organisations.User": [_row(person, person)]}
    for rows in rows_naming(person):
        if told := [_row(row, person) for row in rows]:
            tables[rows.model._meta.label] = told
    return tables


def _naming_accounts() -> Iterator[tuple[type[models.Model], list[str]]]:
    for model in apps.get_models():
        names = [field.name for field in model._meta.concrete_fields if field.related_model is User]
        if names:
            yield model, names


def _row(row: models.Model, person: User) -> Row:
    said = {
        field.name: field.value_from_object(row)
        for field in row._meta.concrete_fields
        if field.name not in SECRET | OF_DOSSIERS
    }
    if isinstance(row, AccountEvent) and row.person_id != person.pk and row.detail:
        said["detail"] = OF_SOMEBODY_ELSE  # an administrator's own data has nobody else's in it
    return said
