from django import forms
from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm, SetPasswordForm

from organisations.models import User
from organisations.nfc_forms import VietnameseForm


class SignInForm(VietnameseForm, AuthenticationForm):
    error_messages = {
        "invalid_login": "Tên đăng nhập hoặc mật khẩu chưa đúng.",
        "inactive": "Tên đăng nhập hoặc mật khẩu chưa đúng.",
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["username"].widget.attrs.update(
            {"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        )
        self.fields["username"].error_messages["required"] = "Nhập tên đăng nhập."
        self.fields["password"].label = "Mật khẩu"
        self.fields["password"].error_messages["required"] = "Nhập mật khẩu."
        self.fields["password"].help_text = "Kiểm tra phím Caps Lock và bộ gõ tiếng Việt."

    def clean_username(self):
        """One spelling before failures are counted, or "VinhBao" would have five tries more."""
        return User.objects.normalize_username(self.cleaned_data["username"])

    def get_invalid_login_error(self):
        """Says how many tries are left; the same words whether the account exists or not."""
        message = self.error_messages["invalid_login"]
        failures = getattr(self.request, "axes_failures_since_start", None)
        if failures is not None:
            left = max(settings.AXES_FAILURE_LIMIT - failures, 0)
            message += f" Còn {left} lần thử trước khi tạm khóa."
        return forms.ValidationError(message, code="invalid_login")


class MailChoiceForm(VietnameseForm, forms.Form):
    wants = forms.TypedChoiceField(
        label="Thư nhắc việc",
        choices=[("1", "Nhận"), ("0", "Không nhận")],
        coerce=lambda value: value == "1",
    )


class ChangePasswordForm(VietnameseForm, PasswordChangeForm):
    error_messages = {
        "password_mismatch": "Hai lần nhập mật khẩu mới không giống nhau.",
        "password_incorrect": "Mật khẩu hiện tại chưa đúng.",
        "password_same": "Mật khẩu mới phải khác mật khẩu hiện tại.",
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["old_password"].label = "Mật khẩu hiện tại"
        _name_new_passwords(self)

    def clean(self):
        cleaned = super().clean()
        new = cleaned.get("new_password1")
        if new and new == cleaned.get("old_password"):
            self.add_error("new_password1", self.error_messages["password_same"])
        return cleaned


class ResetRequestForm(VietnameseForm):
    email = forms.EmailField(
        label="Thư điện tử",
        max_length=254,
        help_text="Địa chỉ đã ghi trong tài khoản của anh, chị.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"required": "Nhập địa chỉ thư điện tử."},
    )


class ResetConfirmForm(VietnameseForm, SetPasswordForm):
    error_messages = {"password_mismatch": "Hai lần nhập mật khẩu mới không giống nhau."}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _name_new_passwords(self)


def _name_new_passwords(form) -> None:
    form.fields["new_password1"].label = "Mật khẩu mới"
    form.fields["new_password1"].help_text = (
        "Ít nhất 10 ký tự, không toàn chữ số, không giống tên của anh, chị, "
        "không thuộc loại ai cũng đoán được."
    )
    form.fields["new_password2"].label = "Nhập lại mật khẩu mới"
    form.fields["new_password2"].help_text = ""
