from django import forms
from django.urls import reverse

from organisations.forms.unit_field import UnitField
from organisations.models import Organisation, Role, User
from organisations.nfc_forms import VietnameseForm, VietnameseModelForm
from organisations.people_file import MAX_BYTES, TOO_LARGE
from organisations.roles import misfit


class UsernameField(forms.CharField):
    def to_python(self, value):
        return User.objects.normalize_username(super().to_python(value))


class PersonForm(VietnameseModelForm):
    """An account, typed by an administrator or read from a row of Excel: the same checks."""

    class Meta:
        model = User
        fields = ["full_name", "username", "organisation", "role", "position", "email", "phone"]
        field_classes = {"username": UsernameField, "organisation": UnitField}
        help_texts = {
            "username": "Chữ thường không dấu, ví dụ vinhbao.gddt.",
            "organisation": "Vai trò nào cũng cần, trừ Quản trị.",
            "email": "Để tự đặt lại mật khẩu khi quên.",
        }
        error_messages = {
            "full_name": {"required": "Ghi họ và tên."},
            "username": {"required": "Ghi tên đăng nhập."},
            "role": {"required": "Chọn vai trò."},
            "email": {"invalid": "Địa chỉ thư điện tử chưa đúng, ví dụ ten@haiphong.gov.vn."},
        }

    def __init__(self, *args, standing_is_fixed: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        organisation = self.fields["organisation"]
        organisation.queryset = Organisation.objects.select_related("parent")
        if self.instance.pk:
            # One of several forms of its page: a refused one of those is at an address of its own.
            organisation.widget.address = reverse(
                "organisations:edit-person", args=[self.instance.pk]
            )
        for name in ("organisation", "role"):
            self.fields[name].disabled = standing_is_fixed
        self.standing_is_fixed = standing_is_fixed

    def clean(self):
        cleaned = super().clean()
        role = cleaned.get("role")
        if role and "organisation" not in self.errors and not self.standing_is_fixed:
            complaint = misfit(role, cleaned.get("organisation"))
            if complaint:
                self.add_error("organisation", complaint)
        return cleaned


class PeopleFilterForm(VietnameseForm):
    q = forms.CharField(label="Tìm tên, không cần dấu", max_length=100, required=False)
    unit = forms.CharField(label="Đơn vị, một phần tên", max_length=100, required=False)
    role = forms.ChoiceField(
        label="Vai trò", choices=[("", "Mọi vai trò"), *Role.choices], required=False
    )
    state = forms.ChoiceField(
        label="Tình trạng",
        choices=[
            ("", "Đang dùng"),
            ("mot-buoc", "Chưa bật hai bước"),
            ("ngung", "Ngừng dùng"),
            ("an-danh", "Đã ẩn danh"),
            ("tat-ca", "Tất cả"),
        ],
        required=False,
    )

    def narrowed(self, people):
        if not self.is_valid():
            return people.filter(is_active=True)
        chosen = self.cleaned_data
        if chosen["q"]:
            people = people.matching(chosen["q"])
        if chosen["unit"]:
            people = people.filter(organisation__in=Organisation.objects.named(chosen["unit"]))
        if chosen["role"]:
            people = people.filter(role=chosen["role"])
        if chosen["state"] == "mot-buoc":
            people = people.filter(totpdevice=None)
        if chosen["state"] == "tat-ca":
            return people
        if chosen["state"] == "an-danh":
            return people.filter(anonymised_at__isnull=False)
        if chosen["state"] == "ngung":
            return people.filter(is_active=False, anonymised_at=None)
        return people.filter(is_active=True)


class PeopleFileForm(VietnameseForm):
    file = forms.FileField(
        label="Tệp Excel đã điền",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
        error_messages={
            "required": "Chọn tệp Excel đã điền.",
            "empty": "Tệp này rỗng; chọn lại tệp đã điền và lưu.",
        },
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(TOO_LARGE)
        return file
