"""A day as people type it into a form."""

import re
from datetime import date
from typing import Any

from django import forms

_LOOKS_LIKE_A_DAY = re.compile(r"\d{1,2}([/.-])\d{1,2}\1(\d{4}|\d\d)|\d{4}-\d{1,2}-\d{1,2}")


class DayField(forms.DateField):
    """A date field that tells a day which no calendar has from a day written in another way."""

    def to_python(self, value: Any) -> date | None:
        try:
            return super().to_python(value)
        except forms.ValidationError:
            text = str(value).strip()
            if _LOOKS_LIKE_A_DAY.fullmatch(text):
                said = f"Ngày {text} không có. Xem lại ngày và tháng."
                raise forms.ValidationError(said, code="no_such_day") from None
            raise
