from django import forms

from evaluations.checking import Check
from evaluations.workflow import Step
from organisations.dates import DayField
from organisations.nfc_forms import VietnameseForm


class StepForm(VietnameseForm):
    """What a step asks for besides the press of its button."""

    note = forms.CharField(
        label="Lý do",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Cần ghi rõ lý do."},
    )

    def __init__(self, *args, step: Step, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["note"].required = step.needs_note
        if not step.needs_note:
            self.fields["note"].label = "Ý kiến (không bắt buộc)"


class ReturnForm(StepForm):
    """Sending a dossier back: why, and by when it should be here again."""

    due_on = DayField(
        label="Hạn bổ sung",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "placeholder": "ngày/tháng/năm"}),
        error_messages={
            "required": "Chọn hạn bổ sung.",
            "invalid": "Ngày chưa đúng. Gõ ngày/tháng/năm, ví dụ 20/12/2022.",
        },
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["note"].label = "Ý kiến chung gửi đơn vị"


class SubmitForm(StepForm):
    """One reason for each kind of doubt that the check found."""

    def __init__(self, *args, check: Check, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["note"].label = "Lời nhắn gửi Sở (không bắt buộc)"
        for doubt in check.doubts:
            self.fields[f"reason-{doubt.kind}"] = forms.CharField(
                label="Lý do vẫn gửi",
                max_length=1000,
                widget=forms.Textarea(attrs={"rows": 2}),
                error_messages={"required": "Ghi lý do; Sở sẽ đọc khi thẩm định."},
            )

    @property
    def reasons(self) -> dict[str, str]:
        """The reason given for each kind of doubt."""
        prefix = "reason-"
        return {
            name.removeprefix(prefix): text
            for name, text in self.cleaned_data.items()
            if name.startswith(prefix)
        }


STEP_FORMS = {"return": ReturnForm}
