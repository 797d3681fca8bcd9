"""A filled workbook on its way in."""

from django import forms

from evaluations.workbook.layout import MAX_BYTES, TOO_LARGE
from organisations.nfc_forms import VietnameseForm


class WorkbookForm(VietnameseForm):
    """The file; what is in it is `evaluations.workbook`'s to say."""

    file = forms.FileField(
        label="Tệp Excel đã điền",
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        error_messages={
            "required": "Chọn tệp Excel đã điền.",
            "empty": "Tệp này rỗng (0 byte). Mở lại tệp đã điền, lưu rồi nạp lại.",
        },
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(TOO_LARGE)
        return file


class ApplyForm(VietnameseForm):
    """What the person saw the differences from, and says yes to."""

    seen = forms.RegexField(r"[0-9a-f]{64}", widget=forms.HiddenInput)
