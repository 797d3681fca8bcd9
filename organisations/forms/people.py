from collections.abc import Collection, Iterable
from functools import partial

from django import forms
from django.db.models import Q

from organisations.collation import vietnamese_order
from organisations.models import Organisation, Role, User
from organisations.nfc_forms import VietnameseForm, VietnameseModelForm
from organisations.people_file import MAX_BYTES, TOO_LARGE
from organisations.roles import misfit

Kind = Organisation.Kind
MOST_LISTED = 5_000  # a province has some 2,000


class UsernameField(forms.CharField):
    def to_python(self, value):
        return User.objects.normalize_username(super().to_python(value))


class PersonForm(VietnameseModelForm):
    """An account, typed by an administrator or read from a row of Excel: the same checks."""

    class Meta:
        model = User
        fields = ["full_name", "username", "organisation", "role", "position", "email", "phone"]
        field_classes = {"username": UsernameField}
        help_texts = {
            "username": "Chữ thường không dấu, ví dụ vinhbao.gddt.",
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
        shown = (self.instance.organisation_id, self.initial.get("organisation"))
        # Asked for only where the form is shown.
        organisation.choices = partial(_grouped_organisations, shown)
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
    organisation = forms.ModelChoiceField(
        label="Đơn vị", queryset=Organisation.objects.all(), required=False
    )
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

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organisation"].choices = _organisations_with_people

    def narrowed(self, people):
        if not self.is_valid():
            return people.filter(is_active=True)
        chosen = self.cleaned_data
        if chosen["q"]:
            people = people.matching(chosen["q"])
        if chosen["organisation"]:
            people = people.filter(organisation=chosen["organisation"])
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


def _grouped_organisations(shown: Iterable = ()):
    """All organisations, nearest to the top first; what belongs to a district stands under it.

    Of more than a list can bear, those of the city and its districts, and `shown`: accounts of
    the rest come by Excel.
    """
    groups: dict[str, list] = {}
    keys = [int(key) for key in map(str, shown) if key.isdecimal() and len(key) < 19]
    organisations = _as_many_as_fit(Organisation.objects.select_related("parent"), keys)
    organisations = list(
        organisations.order_by(
            "-valid_from", vietnamese_order("short_name"), vietnamese_order("name")
        )
    )
    periods = len({unit.valid_from for unit in organisations if unit.kind != Kind.AGENCY}) > 1
    for unit in sorted(organisations, key=_place):
        label = str(Kind(unit.kind).label).capitalize()
        if unit.kind == Kind.COMMUNE and unit.parent:
            label = f"Thuộc {unit.parent.name_in_sentence}"
        if _is_of_district(unit):
            label += f" của {unit.parent.name_in_sentence}"
        if periods:
            label += f" (có từ {unit.valid_from:%d/%m/%Y})"
        groups.setdefault(label, []).append((unit.pk, unit.name))
    return [("", "Chọn đơn vị"), *groups.items()]


def _as_many_as_fit(organisations, shown: Collection[int] = ()):
    """All of them; of too many, those above the communes and the agencies of districts."""
    if organisations.count() <= MOST_LISTED:
        return organisations
    small = Q(kind=Kind.COMMUNE) | Q(kind=Kind.AGENCY, parent__kind=Kind.DISTRICT)
    return organisations.filter(~small | Q(pk__in=shown))


def _place(unit: Organisation) -> int:
    """The city's agencies come first, those of districts, by far the most, last."""
    order = [Kind.AGENCY, Kind.CITY, Kind.DISTRICT, Kind.COMMUNE]
    return len(order) if _is_of_district(unit) else order.index(unit.kind)


def _is_of_district(unit: Organisation) -> bool:
    return (
        unit.kind == Kind.AGENCY and unit.parent is not None and unit.parent.kind == Kind.DISTRICT
    )


def _organisations_with_people():
    organisations = Organisation.objects.filter(pk__in=User.objects.values("organisation"))
    organisations = _as_many_as_fit(organisations).order_by(vietnamese_order("name"))
    return [("", "Mọi đơn vị"), *((unit.pk, unit.name) for unit in organisations)]
