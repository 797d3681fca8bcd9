"""What is typed to draw an inspection, to keep its minutes, and to feed what it found."""

from collections.abc import Sequence
from dataclasses import dataclass

from django import forms

from criteria.measures import assess, read
from evaluations.actions.inspections import BAD_SEED, SEED
from evaluations.forms.decisions import SCANS
from evaluations.forms.results import FigureForm
from evaluations.inspecting.frames import Stratum
from organisations.nfc_forms import VietnameseForm


@dataclass(frozen=True)
class StratumRow:
    stratum: Stratum
    count: forms.BoundField


class DrawForm(VietnameseForm):
    """How many units of each kind and class, and the seed; fields `n-<stratum>`."""

    seed = forms.CharField(
        label="Số rút thăm",
        required=False,
        max_length=40,
        help_text="Để trống thì máy chọn ngẫu nhiên một số có 8 chữ số. Nếu bốc thăm công khai "
        "(gieo xúc xắc, bốc số trước đại diện đơn vị) thì ghi số bốc được.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": "để máy chọn"}),
        error_messages={"max_length": BAD_SEED},
    )

    def __init__(self, *args, strata: Sequence[Stratum], **kwargs):
        super().__init__(*args, **kwargs)
        self.strata = strata
        for stratum in strata:
            size = len(stratum.units)
            wrong = f"Có {size} đơn vị loại này: ghi số từ 0 đến {size}."
            self.fields[f"n-{stratum.key}"] = forms.IntegerField(
                label=f"Rút thăm trong {stratum.title.lower()}",
                required=False,
                min_value=0,
                max_value=size,
                widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
                error_messages={"invalid": wrong, "min_value": wrong, "max_value": wrong},
            )

    def clean_seed(self) -> str:
        seed = self.cleaned_data["seed"]
        if seed and not SEED.fullmatch(seed):
            raise forms.ValidationError(BAD_SEED)
        return seed

    def clean(self):
        cleaned = super().clean()
        if not self.errors and not any(self.wanted.values()):
            self.add_error(None, "Ghi số đơn vị cần rút thăm ở ít nhất một loại.")
        return cleaned

    @property
    def wanted(self) -> dict[str, int]:
        return {each.key: self.cleaned_data.get(f"n-{each.key}") or 0 for each in self.strata}

    @property
    def rows(self) -> list[StratumRow]:
        return [StratumRow(each, self[f"n-{each.key}"]) for each in self.strata]


class ScanForm(VietnameseForm):
    """The signed minutes."""

    scan = forms.FileField(
        label="Bản quét biên bản đã ký",
        widget=forms.FileInput(attrs={"accept": SCANS}),
        max_length=None,
        allow_empty_file=True,  # said in our own words by `validators.check_file`
        error_messages={"required": "Chọn bản quét biên bản đã ký (PDF hoặc ảnh)."},
    )


class FeedForm(FigureForm):
    """The verdict that an inspection proposes: its figures and its reason, to be looked over."""

    reason = forms.CharField(
        label="Lý do điều chỉnh",
        help_text="Đơn vị đọc khi hồ sơ trả lại hoặc thẩm định xong; in trong phiếu thẩm định.",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Ghi lý do: đơn vị sẽ đọc lý do này."},
    )
    version = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean(self):
        cleaned = super().clean()
        reading = read(self.measure, self.figures)
        for name, text in reading.problems.items():
            self.add_error(name if name in self.fields else None, text)
        if not reading.problems and assess(self.measure, reading.entry).met is None:
            self.add_error(self.figure_fields[0].name, "Ghi đủ số của Sở.")
        return cleaned

    @property
    def typed_fields(self) -> list[forms.BoundField]:
        """A share found in counts has no percentage of its own to type."""
        names = [field.name for field in self.figure_fields]
        return [self[name] for name in names if name != "percent" or self.initial.get(name)]
