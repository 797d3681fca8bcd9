from datetime import date, datetime, time, timedelta

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone

from organisations.dates import DayField
from organisations.nfc_forms import VietnameseForm

# At either end of the calendar no midnight can be reckoned with.
FIRST, LAST = date(1900, 1, 1), date(2999, 12, 31)
TOO_FAR = "Nhật ký không có ngày này. Xem lại năm."


def _day(label: str) -> DayField:
    attrs = {"inputmode": "numeric", "placeholder": "ngày/tháng/năm", "autocomplete": "off"}
    return DayField(
        label=label,
        required=False,
        widget=forms.DateInput(attrs=attrs),
        validators=[MinValueValidator(FIRST, TOO_FAR), MaxValueValidator(LAST, TOO_FAR)],
        error_messages={"invalid": "Ghi ngày theo dạng 31/12/2022."},
    )


class LogFilterForm(VietnameseForm):
    """What a log is narrowed to: a person, and a period of whole days.

    What cannot be meant (an impossible day, an end before its beginning) narrows nothing and says
    so.
    """

    q = forms.CharField(label="Tên người, không cần dấu", max_length=100, required=False)
    since = _day("Từ ngày")
    until = _day("Đến hết ngày")

    # What a log adds stands between the name and the period.
    field_order = ["q", "kind", "ip", "since", "until"]

    def clean(self):
        chosen = super().clean()
        since, until = chosen.get("since"), chosen.get("until")
        if since and until and until < since:
            said = f"Ngày cuối {until:%d/%m/%Y} trước ngày đầu {since:%d/%m/%Y}. Đổi một trong hai."
            self.add_error("until", said)
        return chosen

    @property
    def begins_at(self) -> datetime | None:
        since = self.cleaned_data["since"]
        return _midnight(since) if since else None

    @property
    def ends_before(self) -> datetime | None:
        """The last day counts whole."""
        until = self.cleaned_data["until"]
        return _midnight(until + timedelta(days=1)) if until else None


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
