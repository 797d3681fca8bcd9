"""Everything that is kept about one account, for the person who asks (NĐ 13/2023, Điều 9).

Found by asking the models: the account's own row, and every row of any table that names it. So a
new table is told of without a word here.
"""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import models, transaction

from organisations.models import AccountEvent, User

# What lets somebody in is nobody's to read, not even the person's.
SECRET = {"password", "key", "code_hash", "session_key", "session_data"}
# Whole dossiers and reports, which the person sent or ordered: not about the person.
OF_DOSSIERS = {"content"}


@transaction.atomic
def export_account(*, person: User, reason: str) -> dict[str, list[dict[str, Any]]]:
    """By whoever may run commands on the server: {table: rows}, each row {field: value}.

    The names are those of the document on personal data. That it was asked for stays in the
    trail of the account, and is the last row of that trail in what is handed over.
    """
    AccountEvent.objects.create(
        person=person,
        by=person,
        kind=AccountEvent.Kind.EXPORTED,
        detail=f"bằng lệnh trên máy chủ: {reason}",
    )
    tables = {"organisations.User": [_row(person)]}
    for model, names in _naming_accounts():
        named = models.Q()
        for name in names:
            named |= models.Q(**{name: person})
        rows = [_row(row) for row in model._default_manager.filter(named).order_by("pk")]
        if rows:
            tables[model._meta.label] = rows
    return tables


def _naming_accounts() -> Iterator[tuple[type[models.Model], list[str]]]:
    for model in apps.get_models():
        names = [field.name for field in model._meta.concrete_fields if field.related_model is User]
        if names:
            yield model, names


def _row(row: models.Model) -> dict[str, Any]:
    return {
        field.name: field.value_from_object(row)
        for field in row._meta.concrete_fields
        if field.name not in SECRET | OF_DOSSIERS
    }
