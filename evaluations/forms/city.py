"""What is typed where indicators of the city's dossier go from hand to hand."""

from django import forms

from evaluations.leads import possible_leads
from evaluations.models import Evaluation
from organisations.dates import DayField
from organisations.models import Organisation
from organisations.nfc_forms import VietnameseForm


class HandOverForm(VietnameseForm):
    """A word that goes with the indicator, if there is one."""

    note = forms.CharField(
        label="Lời nhắn kèm theo (không bắt buộc)",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class PartReturnForm(VietnameseForm):
    """Why an indicator goes back to its agency."""

    reason = forms.CharField(
        label="Cần làm thêm gì",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Cơ quan đọc nguyên văn lời này ở đầu trang chỉ báo.",
        error_messages={"required": "Ghi lý do trả lại: cơ quan sẽ đọc lý do này."},
    )


class AssignForm(VietnameseForm):
    """Which agency leads one indicator, and by which day it should hand it over."""

    agency = forms.ModelChoiceField(
        label="Cơ quan chủ trì",
        queryset=Organisation.objects.none(),
        required=False,
        empty_label="Chưa giao",
        error_messages={"invalid_choice": "Chọn một cơ quan trong danh sách."},
    )
    due_on = DayField(
        label="Hạn bàn giao nội bộ",
        required=False,
        widget=forms.DateInput(
            format="%d/%m/%Y", attrs={"inputmode": "numeric", "placeholder": "ngày/tháng/năm"}
        ),
        error_messages={"invalid": "Ngày viết theo dạng ngày/tháng/năm, ví dụ 22/12/2022."},
    )

    def __init__(self, *args, evaluation: Evaluation, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["agency"].queryset = possible_leads(evaluation)
        if due_on := evaluation.due_on:
            self.fields["due_on"].help_text = f"Để trống thì theo hạn của hồ sơ, {due_on:%d/%m/%Y}."
