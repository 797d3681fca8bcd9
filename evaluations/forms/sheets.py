"""What a unit types into its own sheet, and what the keeper of its register answers.

Nothing typed into a sheet is refused: it is kept as it is, and `sheet_reading` says beside the
item what cannot be counted yet.
"""

from collections.abc import Mapping

from django import forms

from criteria.points import Item, PointRule
from evaluations.forms.sent_texts import read_texts
from evaluations.sheet_reading import RATING, explanation_name, field_names, points_name
from evaluations.unit_sheets import WHOLE
from organisations.nfc_forms import VietnameseForm

LONG = 10_000
# The fields stand among the evidence, outside the form's element, and belong to it by this.
FORM_ID = "tu-cham"
IN_FORM = {"form": FORM_ID}


class SheetForm(VietnameseForm):
    """Points and explanation of each item; the rating, where the unit claims it itself."""

    base = forms.CharField(required=False, widget=forms.HiddenInput)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, rule: PointRule, **kwargs):
        super().__init__(*args, **kwargs)
        self.rule = rule
        for item in rule.scored_items:
            if rule.has_points:
                self.fields[points_name(item.code)] = _points_field(item)
            label = f"Thuyết minh mục {item.code}"
            self.fields[explanation_name(item.code)] = _text_field(label)
        if RATING in field_names(rule):
            self.fields[RATING] = forms.ChoiceField(
                label="Loại tự xếp",
                choices=[(band.code, band.label) for band in rule.ratings],
                required=False,
                widget=forms.RadioSelect(attrs=IN_FORM),
            )
            label = "Căn cứ tự xếp loại"
            self.fields[explanation_name(WHOLE)] = _text_field(label, rows=4)

    @property
    def values(self) -> dict[str, str]:
        """What was sent and can be stored, by name, for `actions.sheets.save_sheet`.

        A field with an error is left out and so is one that the page did not show.
        """
        return {name: self.cleaned_data[name] for name in self.fields if self._was_sent(name)}

    def _was_sent(self, name: str) -> bool:
        """Radios send nothing while nothing is chosen, so their silence is an answer."""
        if name not in self.cleaned_data or name in ("base", "seen"):
            return False
        return name in self.data or name == RATING

    def clean_base(self) -> dict[str, str]:
        """The values that the page was opened with; without them every field counts as new."""
        return read_texts(self.cleaned_data["base"])

    def clean_seen(self) -> dict[str, str]:
        """Another person's values that this one saw and chose to write over."""
        return read_texts(self.cleaned_data["seen"])


class SheetStepForm(VietnameseForm):
    """A step of the sheet: the version that was seen, and why where it is due."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    note = forms.CharField(
        label="Lý do trả lại",
        max_length=2000,
        required=False,
        widget=forms.Textarea(
            attrs={"rows": 3, "placeholder": "ví dụ: mục 1.3 chưa có minh chứng kinh phí"}
        ),
        error_messages={"required": "Cần ghi rõ lý do; đơn vị đọc ở đầu phiếu."},
    )

    def __init__(self, *args, needs_note: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["note"].required = needs_note


class CorrectionForm(VietnameseForm):
    """What the keeper confirms instead of the unit's own result; read by `unit_reading`."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    score = forms.CharField(
        label="Điểm xác nhận",
        required=False,
        widget=forms.TextInput(
            attrs={"inputmode": "decimal", "autocomplete": "off", "class": "num short"}
        ),
    )
    rating = forms.ChoiceField(label="Xếp loại", required=False)
    correction_reason = forms.CharField(
        label="Lý do điều chỉnh",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args, rule: PointRule, **kwargs):
        super().__init__(*args, **kwargs)
        if rule.has_points and rule.has_bands:
            del self.fields["rating"]  # the score says it
        else:
            labels = [band.label for band in rule.ratings]
            self.fields["rating"].choices = [("", "Chọn loại"), *((each, each) for each in labels)]
        if not rule.has_points:
            del self.fields["score"]

    @property
    def corrected(self) -> Mapping[str, str]:
        names = ("score", "rating", "correction_reason")
        return {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}

    def show(self, problems: Mapping[str, str]) -> None:
        """Each problem at its field; one whose field this sheet does not have, above them."""
        for name, problem in problems.items():
            self.add_error(name if name in self.fields else None, problem)


def _points_field(item: Item) -> forms.CharField:
    return forms.CharField(
        label=f"Điểm mục {item.code}",
        required=False,
        max_length=40,
        widget=forms.TextInput(
            attrs={
                "inputmode": "decimal",
                "autocomplete": "off",
                "class": "num",
                "aria-describedby": f"hieu-la-{item.code}",
                **IN_FORM,
            }
        ),
    )


def _text_field(label: str, rows: int = 2) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=LONG,
        widget=forms.Textarea(attrs={"rows": rows, **IN_FORM}),
    )
