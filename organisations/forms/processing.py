from datetime import timedelta

from django import forms

from organisations.dates import DayField
from organisations.forms.sign_ins import DAY, midnight
from organisations.models import AccountAccess, AccountEvent
from organisations.nfc_forms import VietnameseForm
from organisations.processing_log import CHANGING, LOOKING, found


class ProcessingFilterForm(VietnameseForm):
    """What the log of processing is narrowed to; an impossible day narrows nothing and says so."""

    q = forms.CharField(label="Tên người, không cần dấu", max_length=100, required=False)
    kind = forms.ChoiceField(
        label="Việc",
        choices=[
            ("", "Mọi việc"),
            (LOOKING, "mọi lượt xem"),
            (CHANGING, "mọi lần sửa, cấp, trích"),
            *AccountAccess.Kind.choices,
            *AccountEvent.Kind.choices,
        ],
        required=False,
    )
    since = DayField(label="Từ ngày", **DAY)
    until = DayField(label="Đến hết ngày", **DAY)

    def found(self):
        if not self.is_valid():
            return found()
        chosen = self.cleaned_data
        since, until = chosen["since"], chosen["until"]
        return found(
            matching=chosen["q"],
            kind=chosen["kind"],
            since=midnight(since) if since else None,
            before=midnight(until + timedelta(days=1)) if until else None,
        )
