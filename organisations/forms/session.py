from django import forms
from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm, SetPasswordForm
from django.utils import timezone
from django.utils.formats import date_format

from organisations.limits import (
    PASSWORD_AGAIN,
    SIGN_IN_FROM_ADDRESS,
    SIGN_IN_OF_NAME,
    TooOften,
)
from organisations.models import User
from organisations.nfc_forms import VietnameseForm
from organisations.origin import client_ip

TOO_OFTEN = "too_often"


def too_often_error(reason: str, refused: TooOften) -> forms.ValidationError:
    """What a form says that is closed for a while; its code makes the answer a 429."""
    at = date_format(timezone.localtime(refused.until), "H:i d/m/Y")
    return forms.ValidationError(f"{reason} Thử lại từ {at}.", code=TOO_OFTEN)


def is_closed(form: forms.BaseForm) -> bool:
    """Something was asked of this form too often."""
    return any(error.code == TOO_OFTEN for error in _errors(form))


def _errors(form: forms.BaseForm):
    return (error for errors in form.errors.values() for error in errors.as_data())


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

    def clean(self):
        """Nothing is looked up, and no password hashed, where too many have failed before."""
        try:
            SIGN_IN_OF_NAME.check(self.cleaned_data.get("username"))
            SIGN_IN_FROM_ADDRESS.check(client_ip(self.request))
        except TooOften as refused:
            raise too_often_error("Sai quá nhiều lần nên tạm khóa.", refused) from refused
        return super().clean()

    @property
    def was_refused(self) -> bool:
        """Name and password were looked at, and do not fit."""
        return self.has_error(forms.forms.NON_FIELD_ERRORS, "invalid_login")

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


class OwnPasswordForm(VietnameseForm):
    """The password once more, before something that a stolen session must not be able to do."""

    password = forms.CharField(
        label="Mật khẩu hiện tại",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "Nhập mật khẩu hiện tại."},
    )

    def __init__(self, person: User, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_password(self):
        return own_password(self.person, self.cleaned_data["password"])


def own_password(person: User, typed: str) -> str:
    """As typed, if it is the person's; who sits at another's screen gets a few tries only."""
    try:
        PASSWORD_AGAIN.check(person.pk)
    except TooOften as refused:
        raise too_often_error("Sai mật khẩu quá nhiều lần.", refused) from refused
    if not person.check_password(typed):
        PASSWORD_AGAIN.count(person.pk)
        raise forms.ValidationError("Mật khẩu hiện tại chưa đúng.", code="password_incorrect")
    PASSWORD_AGAIN.clear(person.pk)
    return typed


class ChangePasswordForm(VietnameseForm, PasswordChangeForm):
    error_messages = {
        "password_mismatch": "Hai lần nhập mật khẩu mới không giống nhau.",
        "password_same": "Mật khẩu mới phải khác mật khẩu hiện tại.",
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["old_password"].label = "Mật khẩu hiện tại"
        _name_new_passwords(self)

    def clean_old_password(self):
        return own_password(self.user, self.cleaned_data["old_password"])

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
