"""The page of a new version of a point set: one form, and a row for each item.

It works without a script: rows are added by sending the whole page, which comes back with
everything typed and some empty rows. A row without a word and without points, or struck out, is
no item.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cached_property
from itertools import islice

from django import forms

from criteria.models import PointSet
from criteria.numbers import UnclearNumber, show_number
from criteria.point_loading import LARGEST
from criteria.points import CODE, Item, PointRule, RatingBand, arranged, parent_of, read_points
from organisations.nfc_forms import VietnameseForm

EMPTY_ROWS = 3
MAX_ROWS = 100
ROW_FIELDS = ("code", "text", "maximum", "is_remainder", "remove")


class PointsField(forms.CharField):
    """Points as people type them ("12,5"), or nothing: left open."""

    def __init__(self, **kwargs):
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(required=False, max_length=20, widget=widget, **kwargs)

    def clean(self, value) -> Decimal | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            number = read_points(text, LARGEST)
        except UnclearNumber as unclear:
            raise forms.ValidationError(str(unclear)) from unclear
        return Decimal(number.numerator) / number.denominator


class PointItemForm(VietnameseForm):
    """One item of the set."""

    code = forms.CharField(
        label="Mã",
        max_length=5,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Ghi mã, ví dụ 3 hoặc 3.2."},
    )
    text = forms.CharField(
        label="Nội dung",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Ghi nội dung của mục."},
    )
    maximum = PointsField(label="Điểm tối đa")
    is_remainder = forms.BooleanField(label="Chưa rõ nội dung", required=False)
    remove = forms.BooleanField(label="Bỏ mục này", required=False)

    use_required_attribute = False

    def has_changed(self) -> bool:
        """Whether the row is an item; one that has only a code was offered and not taken."""
        says_something = any(self[name].value() for name in ("text", "maximum", "is_remainder"))
        return says_something and not self["remove"].value()

    def clean_code(self) -> str:
        code = self.cleaned_data["code"]
        if not CODE.fullmatch(code):
            raise forms.ValidationError("Mã viết dạng 3 (tiêu chí) hoặc 3.2 (mục của tiêu chí 3).")
        return code

    def clean_maximum(self) -> Decimal | None:
        maximum = self.cleaned_data["maximum"]
        if maximum == 0:
            raise forms.ValidationError("Điểm tối đa phải lớn hơn 0, hoặc để trống khi chưa rõ.")
        return maximum

    @property
    def typed_code(self) -> str:
        """The code as it stands in the row, clean or not."""
        return str(self["code"].value() or "").strip()

    @property
    def is_part(self) -> bool:
        return bool(parent_of(self.typed_code))

    @property
    def can_be_split(self) -> bool:
        """A criterion takes parts; a remainder falls into several."""
        has_code = CODE.fullmatch(self.typed_code) is not None
        return has_code and (not self.is_part or bool(self["is_remainder"].value()))

    @property
    def item(self) -> Item:
        said = self.cleaned_data
        return Item(said["code"], said["text"], said["maximum"], is_remainder=said["is_remainder"])


class PointVersionForm(VietnameseForm):
    """What the version is based on, its total, where its ratings begin."""

    document = forms.CharField(
        label="Lập theo văn bản",
        max_length=300,
        help_text="Số, ký hiệu, ngày và cơ quan ban hành; hiện trên trang của bản này.",
        error_messages={"required": "Ghi văn bản làm căn cứ; không có văn bản thì chưa lập được."},
    )
    maximum = forms.IntegerField(
        label="Tổng điểm tối đa",
        min_value=1,
        max_value=999,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "required": "Ghi tổng điểm, ví dụ 100.",
            "invalid": "Tổng điểm là số nguyên, ví dụ 100.",
            "min_value": "Tổng điểm phải lớn hơn 0.",
            "max_value": "Tổng điểm nhiều nhất là 999.",
        },
    )
    note = forms.CharField(
        label="Điều chưa xác nhận được",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Sửa lại khi văn bản mới đã làm rõ. Người đọc biểu điểm thấy nguyên phần này.",
    )

    use_required_attribute = False

    def __init__(self, *args, bands: Iterable[RatingBand], **kwargs):
        super().__init__(*args, **kwargs)
        self.bands = tuple(bands)
        for band in self.bands:
            self.fields[band_field(band)] = PointsField(label=f"{band.label}: từ điểm")

    @property
    def band_rows(self) -> list[tuple[RatingBand, forms.BoundField]]:
        return [(band, self[band_field(band)]) for band in self.bands]


class PointSetEditor:
    """Both together: what was typed, what is wrong with it, and the rule that it makes."""

    is_split = False  # a remainder has just got rows for its pieces

    def __init__(self, base: PointSet, data: Mapping[str, str] | None = None):
        self.base = base
        bands = base.rule.ratings
        if data is None:
            self.form = PointVersionForm(bands=bands, initial=_initial(base))
            self.rows = _unbound([_row_of(item) for item in base.rule.items])
        else:
            self.form = PointVersionForm(data, bands=bands)
            self.rows = [
                PointItemForm(data, prefix=f"muc-{number}", empty_permitted=True)
                for number in range(row_count(data))
            ]

    @classmethod
    def with_more_rows(
        cls, base: PointSet, data: Mapping[str, str], split: int | None = None
    ) -> "PointSetEditor":
        """As typed, nothing said about it yet, with empty rows at the end or in a row's place."""
        editor = cls(base, data)
        rows = ({name: row[name].value() for name in ROW_FIELDS} for row in editor.rows)
        typed = [row for row in rows if any(row.values())]
        count = min(EMPTY_ROWS, MAX_ROWS - len(typed))  # a row that is full never falls off
        chosen = editor.rows[split] if split is not None and split < len(editor.rows) else None
        if chosen is not None and chosen.can_be_split:
            typed = _split(typed, chosen.typed_code, count)
            editor.is_split = chosen.is_part
        else:
            typed += [{}] * count
        initial = {name: editor.form[name].value() for name in editor.form.fields}
        editor.form = PointVersionForm(bands=base.rule.ratings, initial=initial)
        editor.rows = _unbound(typed)
        editor._begin_at_first_empty()
        return editor

    @property
    def can_take_rows(self) -> bool:
        return len(self.rows) < MAX_ROWS

    @property
    def words(self) -> dict[str, str]:
        return {name: self.form.cleaned_data[name] for name in ("document", "note")}

    def is_valid(self) -> bool:
        is_form_valid = self.form.is_valid()
        faulty = [row for row in self._used if not row.is_valid()]
        if not faulty:
            self._check_codes()
        return is_form_valid and not self.has_faults and not self.problems

    @property
    def has_faults(self) -> bool:
        """Some field says what is wrong with it."""
        return bool(self.form.errors) or any(row.errors for row in self._used)

    def is_same_as(self, point_set: PointSet) -> bool:
        return self.rule == point_set.rule and self.words["note"] == point_set.note

    @cached_property
    def problems(self) -> list[str]:
        """What does not fit together in the whole, asked once every field is clear by itself."""
        return [] if self.has_faults or not self.form.is_bound else self.rule.problems()

    @cached_property
    def rule(self) -> PointRule:
        """The set as typed; only of an editor whose fields are clear."""
        said = self.form.cleaned_data
        return PointRule(
            maximum=said["maximum"],
            items=arranged(row.item for row in self._used),
            ratings=tuple(
                RatingBand(band.code, band.label, said[band_field(band)], band.is_good_or_better)
                for band in self.form.bands
            ),
        )

    @cached_property
    def _used(self) -> list[PointItemForm]:
        return [row for row in self.rows if row.has_changed()]

    def _begin_at_first_empty(self) -> None:
        """Where the next item is typed, so that a keyboard goes on from there."""
        empty = next((row for row in self.rows if not row["text"].value()), None)
        if empty is not None:
            field = empty.fields["text" if empty.typed_code else "code"]
            field.widget.attrs["autofocus"] = True

    def _check_codes(self) -> None:
        codes = [row.cleaned_data["code"] for row in self._used]
        for number, row in enumerate(self._used):
            code = codes[number]
            if code in codes[:number]:
                row.add_error("code", f"Mã {code} đã có ở dòng trên.")
            elif (parent := parent_of(code)) and parent not in codes:
                row.add_error("code", f"Chưa có tiêu chí {parent}. Thêm tiêu chí đó, hoặc sửa mã.")


def band_field(band: RatingBand) -> str:
    return f"minimum_{band.code}"


def row_count(data: Mapping[str, str]) -> int:
    text = data.get("rows", "")[:4]
    return min(int(text), MAX_ROWS) if text.isascii() and text.isdecimal() else 0


def _unbound(rows: list[dict]) -> list[PointItemForm]:
    return [PointItemForm(prefix=f"muc-{number}", initial=row) for number, row in enumerate(rows)]


def _initial(base: PointSet) -> dict:
    bands = {band_field(band): _shown(band.minimum) for band in base.rule.ratings}
    return {"maximum": base.maximum, "note": base.note, **bands}


def _row_of(item: Item) -> dict:
    return {
        "code": item.code,
        "text": item.text,
        "maximum": item.shown_maximum,
        "is_remainder": item.is_remainder,
    }


def _split(rows: list[dict], code: str, count: int) -> list[dict]:
    """With rows for parts at the end of a criterion's own, or for pieces after a remainder.

    The remainder itself stays, since not all of it need be known: what is left of it is typed.
    """
    codes = [str(row["code"]).strip() for row in rows]
    criterion = parent_of(code) or code
    free = (part for n in range(1, 100) if (part := f"{criterion}.{n}") not in codes)
    new = [{"code": part} for part in islice(free, count)]
    last = max(n for n, each in enumerate(codes) if code in (each, parent_of(each)))
    return [*rows[: last + 1], *new, *rows[last + 1 :]]


def _shown(points: Decimal | None) -> str:
    return "" if points is None else show_number(points)


class AdoptionForm(VietnameseForm):
    """Why an opened round goes over to another version."""

    reason = forms.CharField(
        label="Căn cứ, lý do",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Số, ký hiệu văn bản và lý do; ghi vào quá trình của đợt.",
        error_messages={"required": "Ghi văn bản làm căn cứ hoặc lý do chuyển sang bản này."},
    )
