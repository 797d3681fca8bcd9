"""The Sở's verdict on one indicator, with its own figures where it adjusts."""

from django import forms

from criteria.measures import assess, read
from evaluations.forms.results import FigureForm
from evaluations.models import IndicatorAppraisal

Verdict = IndicatorAppraisal.Verdict


class AppraisalForm(FigureForm):
    """Accept, adjust (figures and reason) or ask for more (reason); a note nobody else reads."""

    verdict = forms.ChoiceField(
        label="Kết luận",
        choices=Verdict.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Chọn chấp nhận, điều chỉnh hoặc yêu cầu bổ sung."},
    )
    reason = forms.CharField(
        label="Lý do",
        help_text="Đơn vị đọc khi hồ sơ trả lại hoặc đã kết luận xong; in trong phiếu kết quả.",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    private_note = forms.CharField(
        label="Ghi chú riêng",
        help_text="Không gửi cho đơn vị.",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    # Asked only of a verdict that the unit has read already: see `is_override`.
    override_reason = forms.CharField(
        label="Vì sao đổi kết luận đã gửi",
        help_text="Đơn vị đọc được, cùng kết luận cũ và mới; ghi trong quá trình của hồ sơ.",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    version = forms.CharField(required=False, widget=forms.HiddenInput)

    field_order = ["verdict"]

    def __init__(self, *args, is_override: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        if not is_override:
            del self.fields["override_reason"]
        if "met" in self.fields:
            self.fields["met"].label = "Kết quả điều chỉnh"

    def clean(self):
        """Adjusting wants a reason and figures that can be counted; asking wants a reason."""
        cleaned = super().clean()
        verdict = cleaned.get("verdict")
        if verdict in {Verdict.ADJUST, Verdict.ASK} and not cleaned.get("reason", "").strip():
            self.add_error("reason", "Ghi lý do: đơn vị sẽ đọc lý do này.")
        if verdict == Verdict.ADJUST:
            self._check_figures()
        return cleaned

    def _check_figures(self) -> None:
        reading = read(self.measure, self.figures)
        for name, text in reading.problems.items():
            self.add_error(name if name in self.fields else None, text)
        if not reading.problems and assess(self.measure, reading.entry).met is None:
            first = next(name for name in self.fields if name in self.figures)
            self.add_error(first, "Điều chỉnh thì ghi đủ kết quả điều chỉnh.")
