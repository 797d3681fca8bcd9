from django import forms

from organisations.forms.periods import LogFilterForm
from organisations.models import SignInEvent
from organisations.text import search_key

REFUSED = "khong-vao-duoc"
UNKNOWN = "ten-khong-co"


class SignInFilterForm(LogFilterForm):
    """What the log of sign-ins is narrowed to."""

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
        if self.begins_at:
            events = events.filter(at__gte=self.begins_at)
        if self.ends_before:
            events = events.filter(at__lt=self.ends_before)
        return events
