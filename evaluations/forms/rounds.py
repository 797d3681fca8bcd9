"""What the administrator types on the pages of a round that is open."""

from datetime import date

from django import forms

from evaluations.models import AdoptedReading, Evaluation
from organisations.dates import DayField
from organisations.forms.unit_field import UnitField
from organisations.models import Organisation
from organisations.nfc_forms import VietnameseForm


class ExtensionForm(VietnameseForm):
    """More time for one unit: until when, and why."""

    until = DayField(
        label="Gia hạn đến hết ngày",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "placeholder": "ngày/tháng/năm"}),
        error_messages={
            "required": "Ghi ngày gia hạn, ví dụ 22/12/2022.",
            "invalid": "Ngày viết theo dạng ngày/tháng/năm, ví dụ 22/12/2022.",
        },
    )
    reason = forms.CharField(
        label="Lý do",
        max_length=300,
        help_text="Đơn vị và Sở đều đọc được, ví dụ số công văn đề nghị.",
        error_messages={"required": "Ghi lý do gia hạn: đơn vị và Sở sẽ đọc."},
    )

    def __init__(self, *args, evaluation: Evaluation, today: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.evaluation = evaluation
        self.today = today

    def clean_until(self) -> date:
        until = self.cleaned_data["until"]
        if until < self.today:
            raise forms.ValidationError("Ngày gia hạn đã qua. Chọn từ hôm nay trở đi.")
        due_on = self.evaluation.due_on
        if due_on and until <= due_on:
            raise forms.ValidationError(f"Gia hạn phải sau hạn hiện nay, {due_on:%d/%m/%Y}.")
        return until


class ReadingForm(VietnameseForm):
    """One open sentence of the law: how the round reads it, and on what document."""

    choice = forms.ChoiceField(
        label="Đợt hiểu là",
        widget=forms.RadioSelect,
        error_messages={"required": "Chọn một cách hiểu."},
    )
    document = forms.CharField(
        label="Theo văn bản",
        max_length=300,
        help_text="Số, ký hiệu, ngày và cơ quan ban hành.",
        error_messages={"required": "Ghi văn bản làm căn cứ; không có văn bản thì chưa ghi được."},
    )

    def __init__(self, *args, question: AdoptedReading.Question, **kwargs):
        super().__init__(*args, **kwargs)
        choices = AdoptedReading.CHOICES_OF[question]
        self.fields["choice"].choices = [(choice.value, choice.label) for choice in choices]


class ReasonForm(VietnameseForm):
    """Why a step on a round is taken; the trail of the round keeps it."""

    reason = forms.CharField(
        label="Lý do",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Ghi vào quá trình của đợt, ví dụ số và ngày của văn bản.",
        error_messages={
            "required": "Ghi lý do.",
            "max_length": "Dài quá 1000 ký tự. Rút gọn lại.",
        },
    )

    def __init__(self, *args, is_required: bool = True, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = is_required
        if not is_required:
            self.fields["reason"].label = "Ghi chú (không bắt buộc)"


class JoinForm(ReasonForm):
    """A district that joins a round which is open already."""

    unit = UnitField(
        label="Quận, huyện tham gia muộn",
        queryset=Organisation.objects.none(),
        empty_label="Chọn quận, huyện",
        error_messages={
            "required": "Chọn quận, huyện.",
            "invalid_choice": "Đơn vị này không chọn được: đã tham gia, hoặc không có trong năm.",
        },
    )
    field_order = ("unit", "reason")

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units
