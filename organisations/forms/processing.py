from django import forms

from organisations.forms.periods import LogFilterForm
from organisations.models import AccountAccess, AccountEvent
from organisations.processing_log import CHANGING, LOOKING, found


class ProcessingFilterForm(LogFilterForm):
    """What the log of processing is narrowed to."""

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

    def found(self):
        if not self.is_valid():
            return found()
        return found(
            matching=self.cleaned_data["q"],
            kind=self.cleaned_data["kind"],
            since=self.begins_at,
            before=self.ends_before,
        )
