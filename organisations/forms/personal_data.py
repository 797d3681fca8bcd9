from django import forms

from organisations.anonymising import names_somebody
from organisations.models import User
from organisations.nfc_forms import VietnameseForm


class ExportForm(VietnameseForm):
    """The kind of file that one's own data comes as."""

    KINDS = (("xlsx", "Excel"), ("json", "JSON"))

    kind = forms.ChoiceField(choices=KINDS)


class AnonymiseForm(VietnameseForm):
    """Why, and the name typed once more: there is no way back."""

    reason = forms.CharField(
        label="Lý do",
        max_length=300,
        help_text="Theo đơn hay quyết định nào, ví dụ: đơn số 12 ngày 01/02/2023. Không ghi tên "
        "người ấy: dòng này còn lại trong nhật ký.",
        error_messages={"required": "Ghi lý do, theo đơn hay quyết định nào."},
    )
    username = forms.CharField(
        label="Gõ lại tên đăng nhập để xác nhận",
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
        error_messages={"required": "Gõ lại tên đăng nhập của tài khoản này."},
    )

    def __init__(self, person: User, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_reason(self):
        reason = self.cleaned_data["reason"]
        if names_somebody(reason, self.person):
            raise forms.ValidationError("Bỏ tên, tên đăng nhập, địa chỉ của người ấy khỏi lý do.")
        return reason

    def clean_username(self):
        username = self.cleaned_data["username"]
        if User.objects.normalize_username(username) != self.person.username:
            raise forms.ValidationError(
                f"Chưa đúng; tên đăng nhập của tài khoản này là {self.person.username}."
            )
        return username
