from django import forms
from django.core.validators import RegexValidator

from organisations.nfc_forms import VietnameseForm

LARGEST_NUMBER = 2**31 - 1
NO_NUMBER = "Nhập số lượt in ở chân trang, hoặc chọn tệp để so."
NO_MARK = "Nhập ít nhất 8 ký tự đầu của dấu nội dung, hoặc chọn tệp để so."
TOO_LARGE = (
    "Tệp lớn hơn 50 MB nên không so ở đây được. Hồ sơ đóng gói thì nhờ người vận hành kiểm tra "
    "bằng lệnh verify_package."
)


class PrintForm(VietnameseForm):
    """What stands at the foot of a page, or the file itself; a file counts for more."""

    number = forms.IntegerField(
        label="Lượt in số",
        required=False,
        min_value=1,
        max_value=LARGEST_NUMBER,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
    )
    mark = forms.CharField(
        label="Dấu nội dung",
        required=False,
        max_length=64,
        help_text="Nhập ít nhất 8 ký tự đầu.",
        validators=[
            RegexValidator(
                r"\A[0-9a-fA-F]{8,64}\Z",
                "Dấu nội dung gồm ít nhất 8 ký tự, mỗi ký tự là chữ số hoặc chữ từ a đến f.",
            )
        ],
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )
    file = forms.FileField(
        label="Tệp (PDF, Word, Excel)",
        required=False,
        help_text="Hệ thống chỉ tính mã của tệp để so, không giữ lại tệp.",
    )
    is_too_large = False

    def clean_mark(self) -> str:
        return self.cleaned_data["mark"].lower()

    def clean(self):
        cleaned = super().clean()
        if self.is_too_large:
            self.add_error("file", TOO_LARGE)
        elif not (self.errors or cleaned.get("file")):
            for name, missing in (("number", NO_NUMBER), ("mark", NO_MARK)):
                if not cleaned.get(name):
                    self.add_error(name, missing)
        return cleaned

    @property
    def sha256(self) -> str:
        file = self.cleaned_data.get("file")
        return file.sha256 if file else ""
