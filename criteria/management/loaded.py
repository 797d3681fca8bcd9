"""The set that an operator names on the command line."""

from django.core.management.base import CommandError
from django.db import DatabaseError

from criteria.models import CriteriaSet


def loaded_set(code: str) -> CriteriaSet:
    try:
        criteria_set = CriteriaSet.objects.with_text().with_rule().filter(code=code).first()
    except DatabaseError as error:
        raise CommandError(
            f"Chưa đọc được danh mục ({error}). "
            "Chạy manage.py migrate, rồi manage.py load_reference."
        ) from error
    if criteria_set is None:
        loaded = ", ".join(CriteriaSet.objects.values_list("code", flat=True))
        has = f"Đã nạp: {loaded}." if loaded else "Chưa nạp bộ nào: chạy manage.py load_reference."
        raise CommandError(f"Không có bộ tiêu chí “{code}”. {has}")
    return criteria_set
