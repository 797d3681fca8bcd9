"""What a keeper types about a register: its lines, a new unit, the end of one.

Nothing typed on a line is refused here: it is kept as it is, and `unit_reading.read_line` says
what cannot be counted yet.
"""

from collections.abc import Sequence
from datetime import date

from django import forms

from evaluations.actions.unit_results import LABELS
from evaluations.forms.sent_rows import SentRowForm
from evaluations.unit_reading import FIELDS, IN_SCOPE, OUT_OF_SCOPE, UnclearDate, read_date
from organisations.models import Organisation
from organisations.nfc_forms import VietnameseForm

LONG = 1000
DAY = {"inputmode": "numeric", "placeholder": "ngày/tháng/năm", "autocomplete": "off"}


class LineForm(SentRowForm):
    """The fields of one line; the grid shows fewer of them than the page of the line."""

    names = FIELDS

    def __init__(self, *args, labels: Sequence[str] = (), **kwargs):
        super().__init__(*args, **kwargs)
        for name in FIELDS:
            self.fields[name] = forms.CharField(
                label=_capital(LABELS[name]), required=False, max_length=LONG
            )
            self.fields[name].widget.attrs["autocomplete"] = "off"
        self.fields["decision_on"].widget.attrs |= DAY
        for name in ("score", "self_score"):
            self.fields[name].widget.attrs |= {"inputmode": "decimal", "class": "num"}
        self.fields["in_scope"].widget = forms.RadioSelect(
            choices=[(IN_SCOPE, "Trong phạm vi"), (OUT_OF_SCOPE, "Ngoài phạm vi, không tính")]
        )
        self.fields["in_scope"].label = "Tính vào tỷ lệ"
        for name in ("rating", "self_rating"):
            shown = self.initial.get(name, "")
            known = [*labels, *([shown] if shown and shown not in labels else [])]
            self.fields[name].widget = forms.Select(
                choices=[("", "Chưa có"), *((label, label) for label in known)]
            )


class _DayField(forms.CharField):
    """A day as officers write it, read as the grid and the workbook read it."""

    def __init__(self, **kwargs):
        kwargs.setdefault("widget", forms.TextInput(attrs=DAY))
        super().__init__(max_length=40, **kwargs)

    def clean(self, value):
        text = super().clean(value)
        try:
            return read_date(text)
        except UnclearDate as unclear:
            raise forms.ValidationError(str(unclear)) from unclear


class UnitForm(VietnameseForm):
    """A new agency of a register (thêm cơ quan)."""

    name = forms.CharField(
        label="Tên cơ quan, đơn vị",
        max_length=200,
        help_text="Ghi đủ như trên con dấu, ví dụ: Trường Tiểu học Nhân Hòa.",
        error_messages={"required": "Ghi tên cơ quan, đơn vị."},
    )
    unit_type = forms.CharField(
        label="Loại",
        max_length=60,
        help_text="Ví dụ: trường tiểu học, phòng chuyên môn, đơn vị sự nghiệp, hội, đoàn thể.",
        widget=forms.TextInput(attrs={"list": "cac-loai", "autocomplete": "off"}),
        error_messages={"required": "Ghi loại, ví dụ: trường tiểu học."},
    )
    since = _DayField(
        label="Có từ ngày",
        help_text="Ngày thành lập; không nhớ thì ghi 01/01 của năm đầu tiên được đánh giá.",
        error_messages={"required": "Ghi ngày, ví dụ 01/01/2020."},
    )

    def __init__(self, *args, year: int, **kwargs):
        super().__init__(*args, **kwargs)
        self.year = year

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())

    def clean_since(self) -> date:
        since = self.cleaned_data["since"]
        if since > date(self.year, 12, 31):
            raise forms.ValidationError(
                f"Đơn vị có từ sau năm {self.year} thì không thuộc danh sách năm này."
            )
        return since


class CloseForm(VietnameseForm):
    """The end of an agency: from when, and why (ngừng hoạt động)."""

    on = _DayField(
        label="Hoạt động đến hết ngày",
        error_messages={"required": "Ghi ngày, ví dụ 30/06/2022."},
    )
    reason = forms.CharField(
        label="Lý do",
        max_length=200,
        help_text="Ví dụ: sáp nhập vào Trường THCS Trấn Dương theo Quyết định 1204/QĐ-UBND.",
        error_messages={"required": "Ghi lý do; người đọc danh sách sẽ thấy."},
    )

    def __init__(self, *args, unit: Organisation, today: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.unit = unit
        self.today = today

    def clean_on(self) -> date:
        on = self.cleaned_data["on"]
        if on > self.today:
            raise forms.ValidationError("Ngày này chưa tới. Ghi khi đơn vị đã ngừng hoạt động.")
        if on <= self.unit.valid_from:
            raise forms.ValidationError(
                f"Phải sau ngày đơn vị có, {self.unit.valid_from:%d/%m/%Y}."
            )
        return on


def _capital(label: str) -> str:
    return label[:1].upper() + label[1:]
