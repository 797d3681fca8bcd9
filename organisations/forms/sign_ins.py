from datetime import date, datetime, time, timedelta

from django import forms
from django.utils import timezone

from organisations.dates import DayField
from organisations.models import SignInEvent
from organisations.nfc_forms import VietnameseForm
from organisations.text import search_key

REFUSED = "khong-vao-duoc"
UNKNOWN = "ten-khong-co"
DAY = {
    "required": False,
    "error_messages": {"invalid": "Ghi ngày theo dạng 31/12/2022."},
}


class SignInFilterForm(VietnameseForm):
    """What the log is narrowed to; an impossible day narrows nothing and says so."""

    q = forms.CharField(label="Tên người, không cần dấu", max_length=100, required=False)
    kind = forms.ChoiceField(
        label="Việc",
        choices=[
            ("", "Mọi việc"),
            (REFUSED, "không vào được"),
            (UNKNOWN, "tên không có tài khoản"),
            *SignInEvent.Kind.choices,
        ],
        required=False,
    )
    ip = forms.GenericIPAddressField(
        label="Địa chỉ mạng",
        required=False,
        error_messages={"invalid": "Ghi địa chỉ theo dạng 10.1.2.3."},
    )
    since = DayField(label="Từ ngày", **DAY)
    until = DayField(label="Đến hết ngày", **DAY)

    def narrowed(self, events):
        if not self.is_valid():
            return events
        chosen = self.cleaned_data
        if chosen["q"]:
            events = events.filter(person__search__contains=search_key(chosen["q"]))
        if chosen["kind"] == REFUSED:
            events = events.filter(kind__in=SignInEvent.REFUSED)
        elif chosen["kind"] == UNKNOWN:
            events = events.filter(person=None)
        elif chosen["kind"]:
            events = events.filter(kind=chosen["kind"])
        if chosen["ip"]:
            events = events.filter(ip=chosen["ip"])
        if chosen["since"]:
            events = events.filter(at__gte=midnight(chosen["since"]))
        if chosen["until"]:
            events = events.filter(at__lt=midnight(chosen["until"] + timedelta(days=1)))
        return events


def midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
