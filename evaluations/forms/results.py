"""What a unit types for one indicator. Nothing typed is refused here: it is kept as it is, and
`criteria.measures.read` says beside the field what cannot be counted yet."""

from django import forms

from criteria.measures import Field, Kind, Measure
from evaluations.actions.results import TEXT_FIELDS, typed_names
from evaluations.forms.sent_texts import read_texts
from evaluations.models import IndicatorResult
from organisations.nfc_forms import VietnameseForm

MET_CHOICES = [("yes", "Đạt"), ("no", "Chưa đạt")]
LONG = 10_000
# The words stand below the evidence, outside the form's element, and belong to it by this.
IN_FORM = {"form": "nhap-chi-bao"}


class FigureForm(VietnameseForm):
    """The figures of one measure, as text. One field per name that the measure lists."""

    def __init__(self, *args, measure: Measure, **kwargs):
        super().__init__(*args, **kwargs)
        self.measure = measure
        if measure.kind == Kind.DOCUMENT:
            self.fields["met"] = forms.ChoiceField(
                label="Tự đánh giá",
                choices=MET_CHOICES,
                required=False,
                widget=forms.RadioSelect,
            )
        for field in self.figure_fields:
            self.fields[field.name] = forms.CharField(
                label=field.label,
                required=False,
                max_length=40,
                widget=forms.TextInput(
                    attrs={
                        "inputmode": "numeric" if field.unit == "count" else "decimal",
                        "autocomplete": "off",
                        "class": "num",
                        "aria-describedby": "hieu-la",
                    }
                ),
            )

    @property
    def figure_fields(self) -> tuple[Field, ...]:
        return self.measure.fields

    @property
    def figures(self) -> dict[str, str]:
        """What was typed, by field name, for `IndicatorResult.typed`."""
        known = (name for name in typed_names(self.measure) if name in self.cleaned_data)
        return {name: _text(self.cleaned_data[name]) for name in known}


class ResultForm(FigureForm):
    """Figures and everything else that the unit states about one indicator."""

    base = forms.CharField(required=False, widget=forms.HiddenInput)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    not_applicable = forms.BooleanField(label="Đề nghị không áp dụng chỉ báo này", required=False)
    not_applicable_reason = forms.CharField(
        label="Lý do không áp dụng",
        required=False,
        max_length=LONG,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    source = forms.CharField(
        label="Nguồn của tỷ lệ",
        help_text="Chỉ ghi khi gõ tỷ lệ thay cho số đếm, ví dụ: Chi cục Thống kê, báo cáo năm.",
        required=False,
        max_length=300,
    )
    explanation = forms.CharField(
        label="Thuyết minh",
        required=False,
        max_length=LONG,
        widget=forms.Textarea(attrs={"rows": 4, **IN_FORM}),
    )
    suitability = forms.ChoiceField(
        label="Mức độ phù hợp của chỉ báo với thực tiễn",
        choices=IndicatorResult.Suitability.choices,
        required=False,
        widget=forms.RadioSelect(attrs=IN_FORM),
    )
    obstacle = forms.CharField(
        label="Khó khăn, vướng mắc",
        required=False,
        max_length=LONG,
        widget=forms.Textarea(attrs={"rows": 3, **IN_FORM}),
    )
    proposal = forms.CharField(
        label="Kiến nghị sửa đổi",
        required=False,
        max_length=LONG,
        widget=forms.Textarea(attrs={"rows": 3, **IN_FORM}),
    )
    reply = forms.CharField(
        label="Trả lời của đơn vị",
        required=False,
        max_length=LONG,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args, measure: Measure, **kwargs):
        super().__init__(*args, measure=measure, **kwargs)
        if measure.derived:
            del self.fields["source"]  # of a percentage, which nobody types here

    @property
    def figure_fields(self) -> tuple[Field, ...]:
        """None where the figure is counted from a register; the Sở's own form still has them."""
        return () if self.measure.derived else super().figure_fields

    @property
    def values(self) -> dict[str, str]:
        """What was sent and can be stored, by name, for `actions.results.save_result`.

        A field with an error is left out and so is one that the page did not show: neither may
        keep the others from being saved, or count as emptied.
        """
        texts = {name: self.cleaned_data[name] for name in TEXT_FIELDS if self._was_sent(name)}
        return self.figures | texts

    def _was_sent(self, name: str) -> bool:
        """Radios send nothing while nothing is chosen, so their silence is an answer."""
        if name not in self.cleaned_data:
            return False
        return name in self.data or isinstance(self.fields[name].widget, forms.RadioSelect)

    def clean_base(self) -> dict[str, str]:
        """The values that the page was opened with; without them every field counts as new."""
        return read_texts(self.cleaned_data["base"])

    def clean_seen(self) -> dict[str, str]:
        """Another person's values that this one saw and chose to write over."""
        return read_texts(self.cleaned_data["seen"])


def _text(value: str | bool) -> str:
    """A ticked box is kept as "yes", like a chosen "đạt"."""
    return value if isinstance(value, str) else "yes" if value else ""
