from django import forms
from django.core.validators import RegexValidator

from organisations.forms.session import OwnPasswordForm
from organisations.nfc_forms import VietnameseForm

six_digits = RegexValidator(r"^[0-9]{6}\Z", "Mã gồm đúng 6 chữ số.")


class CodeField(forms.CharField):
    """Six digits of a telephone; the space that some telephones show in the middle is dropped."""

    def __init__(self, **kwargs):
        super().__init__(
            label="Mã 6 số trên điện thoại",
            max_length=20,
            validators=[six_digits],
            error_messages={"required": "Nhập mã 6 số đang hiện trên điện thoại."},
            widget=forms.TextInput(
                attrs={
                    "inputmode": "numeric",
                    "autocomplete": "one-time-code",
                    "class": "code-field",
                }
            ),
            **kwargs,
        )

    def to_python(self, value):
        return "".join(super().to_python(value).split())


class CodeForm(VietnameseForm):
    code = CodeField()


class RecoveryForm(VietnameseForm):
    code = forms.CharField(
        label="Mã khôi phục",
        max_length=40,
        help_text="Một mã chưa gạch trên tờ đã in, ví dụ kf7m-x2qp. Mỗi mã dùng một lần.",
        error_messages={"required": "Nhập một mã khôi phục."},
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )


class SetUpForm(OwnPasswordForm):
    code = CodeField()
    field_order = ["code", "password"]


class ResetFactorForm(VietnameseForm):
    reason = forms.CharField(
        label="Lý do, và đã xác minh người đề nghị thế nào",
        max_length=300,
        help_text="Ví dụ: mất điện thoại; đã gọi lại số máy bàn của phòng.",
        error_messages={"required": "Ghi lý do và cách đã xác minh."},
    )
