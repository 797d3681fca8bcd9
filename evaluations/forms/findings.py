"""What was found in an inspection, typed beside what was declared; and the head of its minutes."""

from dataclasses import dataclass
from datetime import date

from django import forms
from django.utils import timezone

from criteria.measures import Field, assess, read
from criteria.models import Rating
from evaluations.actions.inspections import Look
from evaluations.forms.council import day_field
from evaluations.models import Inspection, InspectionFigure, InspectionLine
from evaluations.models.inspections import FoundState
from organisations.nfc_forms import VietnameseForm

FIGURE_STATES = [each for each in FoundState.choices if each[0] != FoundState.NO_FILE]


@dataclass(frozen=True)
class LineRow:
    line: InspectionLine
    state: forms.BoundField
    rating: forms.BoundField
    note: forms.BoundField


@dataclass(frozen=True)
class FigureRow:
    figure: InspectionFigure
    claimed: str
    state: forms.BoundField
    typed: tuple[forms.BoundField, ...]
    note: forms.BoundField


class FindingsForm(VietnameseForm):
    """What was found of each unit and figure, and the head of the minutes; all of it may wait.

    Fields of a unit are `state-<pk>`, `rating-<pk>`, `note-<pk>`; of a figure `fstate-<pk>`,
    `fnote-<pk>` and `f-<pk>-<field of its measure>`.
    """

    held_on = day_field("Ngày kiểm tra", required=False)
    place = forms.CharField(label="Địa điểm", required=False, max_length=200)
    members = forms.CharField(
        label="Thành phần đoàn kiểm tra và người của đơn vị",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Mỗi người một dòng: họ và tên, sau dấu phẩy là chức vụ, cơ quan.",
    )
    conclusion = forms.CharField(
        label="Nhận xét, kết luận",
        required=False,
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, inspection: Inspection, ratings: dict[str, list[Rating]], **kwargs):
        super().__init__(*args, **kwargs)
        self.inspection = inspection
        self.ratings = ratings
        self.lines = list(inspection.lines.all())
        self.figures = list(inspection.figures.all())
        for line in self.lines:
            self._add_line(line)
        for figure in self.figures:
            self._add_figure(figure)

    def _add_line(self, line: InspectionLine) -> None:
        choices = [(str(each.pk), each.label) for each in self.ratings[line.kind]]
        self.fields[f"state-{line.pk}"] = _state(line.name, FoundState.choices, line.state)
        self.fields[f"rating-{line.pk}"] = forms.ChoiceField(
            label=f"Xếp loại thấy ở {line.name}",
            choices=[("", "–"), *choices],
            required=False,
            initial=str(line.found_rating_id or ""),
        )
        self.fields[f"note-{line.pk}"] = _note(line.name, line.note)

    def _add_figure(self, figure: InspectionFigure) -> None:
        code = figure.result.indicator.code
        self.fields[f"fstate-{figure.pk}"] = _state(code, FIGURE_STATES, figure.state)
        for field in asked_fields(figure):
            self.fields[f"f-{figure.pk}-{field.name}"] = forms.CharField(
                label=field.label,
                required=False,
                max_length=40,
                initial=figure.found.get(field.name, ""),
                widget=forms.TextInput(
                    attrs={"inputmode": "decimal", "autocomplete": "off", "class": "num"}
                ),
            )
        self.fields[f"fnote-{figure.pk}"] = _note(code, figure.note)

    def clean_held_on(self) -> date | None:
        held_on = self.cleaned_data["held_on"]
        drawn_on = timezone.localdate(self.inspection.created_at)
        if held_on and held_on < drawn_on:
            raise forms.ValidationError(
                f"Ngày kiểm tra ở trước ngày rút thăm ({drawn_on:%d/%m/%Y}). Xem lại ngày."
            )
        return held_on

    def clean(self):
        cleaned = super().clean()
        for line in self.lines:
            self._check_line(line)
        for figure in self.figures:
            self._check_figure(figure)
        return cleaned

    def _check_line(self, line: InspectionLine) -> None:
        state = self.cleaned_data.get(f"state-{line.pk}")
        rating = self.cleaned_data.get(f"rating-{line.pk}")
        chosen = {str(each.pk): each.label for each in self.ratings[line.kind]}.get(rating)
        if state == FoundState.DIFFERS and not rating:
            self.add_error(f"rating-{line.pk}", "Chọn xếp loại đoàn kiểm tra thấy.")
        elif state == FoundState.DIFFERS and chosen == line.declared_label:
            self.add_error(f"rating-{line.pk}", "Giống xếp loại khai: chọn “Đúng”, hoặc loại khác.")
        elif state and state != FoundState.DIFFERS and rating:
            self.add_error(f"state-{line.pk}", "Đã chọn xếp loại thấy thì chọn “Khác”.")

    def _check_figure(self, figure: InspectionFigure) -> None:
        state = self.cleaned_data.get(f"fstate-{figure.pk}")
        typed = self._typed(figure)
        first = f"f-{figure.pk}-{asked_fields(figure)[0].name}"
        if state != FoundState.DIFFERS:
            if any(typed.values()) and f"fstate-{figure.pk}" not in self.errors:
                self.add_error(f"fstate-{figure.pk}", "Đã ghi số thấy thì chọn “Khác”.")
            return
        measure = figure.result.indicator.measure
        reading = read(measure, typed)
        for name, text in reading.problems.items():
            field = f"f-{figure.pk}-{name}"
            self.add_error(field if field in self.fields else first, text)
        if not reading.problems and assess(measure, reading.entry).met is None:
            self.add_error(first, "Ghi đủ số đoàn kiểm tra thấy.")

    def _typed(self, figure: InspectionFigure) -> dict[str, str]:
        names = (field.name for field in asked_fields(figure))
        return {name: self.cleaned_data.get(f"f-{figure.pk}-{name}", "") for name in names}

    @property
    def details(self) -> dict:
        names = ("held_on", "place", "members", "conclusion")
        return {name: self.cleaned_data[name] for name in names}

    @property
    def looks(self) -> dict[int, Look]:
        said = self.cleaned_data
        return {
            line.pk: Look(
                state=said[f"state-{line.pk}"],
                found_rating_id=int(said[f"rating-{line.pk}"] or 0) or None,
                note=said[f"note-{line.pk}"],
            )
            for line in self.lines
        }

    @property
    def figure_looks(self) -> dict[int, Look]:
        said = self.cleaned_data
        return {
            figure.pk: Look(
                state=said[f"fstate-{figure.pk}"],
                found={name: text for name, text in self._typed(figure).items() if text},
                note=said[f"fnote-{figure.pk}"],
            )
            for figure in self.figures
        }

    @property
    def line_rows(self) -> list[LineRow]:
        return [
            LineRow(
                line,
                self[f"state-{line.pk}"],
                self[f"rating-{line.pk}"],
                self[f"note-{line.pk}"],
            )
            for line in self.lines
        ]

    @property
    def figure_rows(self) -> list[FigureRow]:
        return [
            FigureRow(
                figure,
                figure.claimed,
                self[f"fstate-{figure.pk}"],
                tuple(self[f"f-{figure.pk}-{field.name}"] for field in asked_fields(figure)),
                self[f"fnote-{figure.pk}"],
            )
            for figure in self.figures
        ]


def asked_fields(figure: InspectionFigure) -> list[Field]:
    """A share that was declared in counts is found in counts; one in percent may be either."""
    fields = figure.result.indicator.measure.fields
    has_percent = bool(figure.declared.get("percent"))
    return [field for field in fields if field.name != "percent" or has_percent]


def initial_findings(inspection: Inspection) -> dict:
    """The head of the minutes as it stands."""
    names = ("held_on", "place", "members", "conclusion")
    return {name: getattr(inspection, name) for name in names} | {"version": inspection.changes}


def _state(name: str, choices, initial: str) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=f"Kết quả kiểm tra {name}",
        choices=choices,
        initial=initial,
        error_messages={"required": "Chọn kết quả kiểm tra."},
    )


def _note(name: str, initial: str) -> forms.CharField:
    return forms.CharField(
        label=f"Ghi chú về {name}",
        required=False,
        max_length=500,
        initial=initial,
        error_messages={"max_length": "Dài quá 500 ký tự. Rút gọn lại."},
    )
