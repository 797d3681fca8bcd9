"""What the administrator types of a round that is being prepared, and of its calendar."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import Q

from criteria.models import CriteriaSet, PointSet
from evaluations.actions.calendar import FIELDS
from evaluations.actions.planning import DETAILS
from evaluations.forms.council import day_field, line_field
from evaluations.forms.keys import KeysField
from evaluations.models import PilotRound
from organisations.forms.unit_field import UnitField
from organisations.models import Organisation
from organisations.nfc_forms import VietnameseForm

FIRST_YEAR, LAST_YEAR = 2015, 2099
WRITE_YEAR = "Năm gồm bốn chữ số, ví dụ 2023."


def year_field() -> forms.IntegerField:
    return forms.IntegerField(
        label="Năm đánh giá",
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text="Đơn vị hành chính của đợt lấy theo ngày 31/12 năm này.",
        error_messages={
            "required": WRITE_YEAR,
            "invalid": WRITE_YEAR,
            "min_value": f"Năm từ {FIRST_YEAR} trở đi.",
            "max_value": f"Năm không quá {LAST_YEAR}.",
        },
    )


def practice_field() -> forms.BooleanField:
    return forms.BooleanField(
        label="Đợt tập huấn: số liệu tự đặt, không dùng để báo cáo", required=False
    )


def _chosen_of(label: str, queryset, missing: str) -> forms.ModelChoiceField:
    return forms.ModelChoiceField(
        label=label,
        queryset=queryset,
        empty_label="Chọn",
        error_messages={
            "required": missing,
            "invalid_choice": "Mục này không còn trong danh mục. Chọn mục khác.",
        },
    )


class NamedRoundForm(VietnameseForm):
    """Pages say "đợt" before the name of a round, so the name itself does not begin with it."""

    def clean_name(self) -> str:
        return re.sub(r"^đợt\s+(?=\S)", "", self.cleaned_data["name"], flags=re.IGNORECASE)


class RoundForm(NamedRoundForm):
    """What a round is: its name, its year, what it judges by and who compiles for the city."""

    name = line_field(
        "Tên đợt",
        100,
        "Ghi tên đợt, ví dụ “Công nhận 2023”.",
        help_text="Không ghi chữ “Đợt” ở đầu, ví dụ: Công nhận 2023.",
    )
    year = year_field()
    self_assessment_due_on = day_field(
        "Hạn gửi tự đánh giá", help_text="Ngày cuối cùng quận, huyện gửi hồ sơ; gia hạn riêng được."
    )
    is_practice = practice_field()
    district_set = _chosen_of(
        "Bộ tiêu chí quận, huyện",
        CriteriaSet.objects.filter(subject=CriteriaSet.Subject.DISTRICT),
        "Chọn bộ tiêu chí quận, huyện.",
    )
    city_set = _chosen_of(
        "Bộ tiêu chí thành phố",
        CriteriaSet.objects.filter(subject=CriteriaSet.Subject.CITY),
        "Chọn bộ tiêu chí thành phố.",
    )
    agency_points = _chosen_of(
        "Biểu điểm “Đơn vị học tập”", PointSet.objects.none(), "Chọn biểu điểm cho cơ quan, đơn vị."
    )
    commune_points = _chosen_of(
        "Biểu điểm “Cộng đồng học tập”",
        PointSet.objects.none(),
        "Chọn biểu điểm cho xã, phường, thị trấn.",
    )
    standing_agency = UnitField(
        label="Cơ quan thường trực",
        queryset=Organisation.objects.filter(
            Q(parent__isnull=True) | Q(parent__kind=Organisation.Kind.CITY),
            kind=Organisation.Kind.AGENCY,
            valid_to__isnull=True,
        ),
        empty_label="Chọn cơ quan",
        help_text="Tổng hợp và gửi hồ sơ của thành phố.",
        error_messages={
            "required": "Chọn cơ quan tổng hợp hồ sơ của thành phố.",
            "invalid_choice": "Cơ quan này không còn trong danh mục. Chọn cơ quan khác.",
        },
    )
    version = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for subject in PointSet.Subject:
            # A round that is opened takes the newest version, so that is what is offered.
            field = self.fields[f"{subject.value}_points"]
            field.queryset = PointSet.objects.newest().filter(subject=subject)

    @property
    def details(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in DETAILS}


def initial_round(pilot_round: PilotRound) -> dict[str, Any]:
    """The form's first values; a point set by its newest version, which opening will take."""
    initial = {name: getattr(pilot_round, name) for name in DETAILS}
    for name in ("agency_points", "commune_points"):
        if initial[name]:
            initial[name] = PointSet.objects.newest_of(initial[name].code)
    return initial


def initial_new_round() -> dict[str, Any]:
    """Where there is only one of a kind it is chosen; the standing agency is the last round's."""
    initial: dict[str, Any] = {}
    last = PilotRound.objects.filter(standing_agency__isnull=False).order_by("-pk").first()
    if last:
        initial["standing_agency"] = last.standing_agency_id
    sets = {
        subject: CriteriaSet.objects.filter(subject=subject) for subject in ("district", "city")
    }
    newest = PointSet.objects.newest()
    offered = {f"{subject}_set": found for subject, found in sets.items()} | {
        f"{subject.value}_points": newest.filter(subject=subject) for subject in PointSet.Subject
    }
    for name, found in offered.items():
        first_two = list(found[:2])
        if len(first_two) == 1:
            initial[name] = first_two[0].pk
    return initial


class CopyForm(NamedRoundForm):
    """A new round like an earlier one."""

    name = line_field("Tên đợt mới", 100, "Ghi tên đợt, ví dụ “Công nhận 2023”.")
    year = year_field()
    is_practice = practice_field()


class ParticipantsForm(VietnameseForm):
    """Which districts take part: a box for each of that year."""

    units = KeysField(
        label="Quận, huyện",
        queryset=Organisation.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "invalid_choice": "Một đơn vị không còn trong danh mục năm này. Tải lại trang."
        },
    )
    version = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["units"].queryset = units


class MilestoneForm(VietnameseForm):
    """One line of the calendar."""

    label = line_field("Việc", 200, "Ghi việc phải làm, ví dụ “Hội đồng đánh giá họp”.")
    starts_on = day_field("Từ ngày (không bắt buộc)", required=False)
    due_on = day_field("Đến ngày")
    shown_date = forms.CharField(
        label="Ghi trên lịch (không bắt buộc)",
        max_length=40,
        required=False,
        help_text="Khi văn bản chỉ ghi tháng, ví dụ 12/2022.",
        error_messages={"max_length": "Dài quá 40 ký tự. Rút gọn lại."},
    )
    version = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean(self) -> Mapping[str, Any]:
        cleaned = super().clean()
        starts_on, due_on = cleaned.get("starts_on"), cleaned.get("due_on")
        if starts_on and due_on and starts_on > due_on:
            self.add_error("due_on", "Ngày kết thúc phải từ ngày bắt đầu trở đi.")
        return cleaned

    @property
    def details(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in FIELDS}
