"""Which files the rows name, and which lie in storage.

Found by asking the models, so that a new one with a file is not forgotten. A model that names a
file says its SHA-256 in a field `sha256` beside it, and where it knows the size, in `size`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.apps import apps
from django.core.files.storage import default_storage
from django.db import models

CHUNK = 500


@dataclass(frozen=True)
class NamedFile:
    """One file as a row names it; `size` and `sha256` as the row has them."""

    model: type[models.Model]
    field: str
    pk: int
    path: str
    size: int | None
    sha256: str

    def __str__(self):
        return f"{self.model._meta.verbose_name} {self.pk} ({self.path})"

    @property
    def is_still_named(self) -> bool:
        """The row as it is now still has this file: it was not let go of meanwhile."""
        return self.model._base_manager.filter(pk=self.pk, **{self.field: self.path}).exists()


def file_fields() -> list[tuple[type[models.Model], models.FileField]]:
    """Every field of every table that names a file, in a steady order."""
    return [
        (model, field)
        for model in sorted(apps.get_models(), key=lambda model: model._meta.label)
        if model._meta.managed and not model._meta.proxy
        for field in model._meta.local_concrete_fields
        if isinstance(field, models.FileField)
    ]


def named_files() -> Iterator[NamedFile]:
    """Every file that any row names, one after the other."""
    for model, field in file_fields():
        has_size = any(each.name == "size" for each in model._meta.concrete_fields)
        columns = ("pk", field.name, "sha256", *(["size"] if has_size else []))
        rows = model._base_manager.exclude(**{field.name: ""}).order_by("pk")
        for pk, path, sha256, *size in rows.values_list(*columns).iterator(chunk_size=CHUNK):
            yield NamedFile(model, field.name, pk, path, size[0] if size else None, sha256)


def stored_names(folder: str = "") -> Iterator[str]:
    """The name of every file in storage, folder by folder."""
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:  # a local folder that nothing was ever put in
        return
    prefix = f"{folder}/" if folder else ""
    for name in sorted(files):
        yield prefix + name
    for name in sorted(folders):
        yield from stored_names(prefix + name)


def unnamed(names: Sequence[str]) -> list[str]:
    """Of some names those that no row has; a query for each field that names files."""
    left = set(names)
    for model, field in file_fields():
        known = model._base_manager.filter(**{f"{field.name}__in": left})
        left -= set(known.values_list(field.name, flat=True))
    return [name for name in names if name in left]
