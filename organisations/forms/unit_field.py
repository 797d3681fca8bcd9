"""One unit to choose: listed where all fit a list, else found by typing a part of its name."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.db.models import Case, Q, QuerySet, When

from organisations.collation import vietnamese_order
from organisations.models import Organisation
from organisations.nfc_forms import normalised
from organisations.text import is_key, search_key

Kind = Organisation.Kind
MOST_LISTED = 60  # as many as one still looks through
MOST_SEEN = 8  # lines of a list that stands open
LONGEST = 100
# The city's agencies come first, those of districts, by far the most, last.
PLACE = Case(
    When(kind=Kind.AGENCY, parent__kind=Kind.DISTRICT, then=4),
    When(kind=Kind.AGENCY, then=0),
    When(kind=Kind.CITY, then=1),
    When(kind=Kind.DISTRICT, then=2),
    default=3,
)
ORDER = (PLACE, "-valid_from", vietnamese_order("short_name"), vietnamese_order("name"))

CHOSEN_BEFORE = "Đang chọn"
PICK_ONE = "Bấm chọn một đơn vị trong danh sách tìm được; giữ đơn vị đang chọn thì xóa chữ ở ô tìm."
NONE_FOUND = "Không thấy đơn vị nào. Gõ ít chữ hơn; không cần dấu."
TOO_MANY = f"Nhiều hơn {MOST_LISTED} đơn vị, đây là những đơn vị đầu. Gõ thêm chữ để thu hẹp."


@dataclass(frozen=True)
class Offer:
    """The units that a person is shown, in groups; and in words what was found of what is sought.

    `is_short`: those are all there are, nothing need be typed.
    """

    groups: list[tuple[str, list[tuple[int, str]]]] = field(default_factory=list)
    is_short: bool = False
    said: str = ""

    @property
    def lines(self) -> int:
        return sum(1 + len(units) for _, units in self.groups)


def offer(units: QuerySet[Organisation], sought: str = "", chosen: object = None) -> Offer:
    """All of them, or those that answer what is sought; the chosen one is always among them."""
    units = units.select_related("parent")
    if len(units.order_by().values_list("pk")[: MOST_LISTED + 1]) <= MOST_LISTED:
        return Offer(_grouped(units.order_by(*ORDER)), is_short=True)
    is_chosen = Q(pk=str(chosen)) if is_key(str(chosen)) else Q(pk__in=())
    if not sought:
        return Offer(_grouped(units.filter(is_chosen)))
    by_name = Case(When(search__contains=search_key(sought), then=0), default=1)
    found = list(units.named(sought).order_by(by_name, *ORDER)[: MOST_LISTED + 1])
    shown = found[:MOST_LISTED]
    before = [unit for unit in units.filter(is_chosen) if unit not in shown]
    said = f"Tìm thấy {len(found)} đơn vị. Bấm để chọn."
    if not found:
        said = NONE_FOUND
    elif len(found) > MOST_LISTED:
        said = TOO_MANY
    kept = [(CHOSEN_BEFORE, [(unit.pk, unit.name) for unit in before])] if before else []
    return Offer([*kept, *_grouped(shown)], said=said)


class UnitPicker(forms.Select):
    """A list; before a long one stands a line to search it by, which is sent as `<name>-tim`.

    What is found replaces the list as one types (`views.found_units`); without JavaScript it comes
    with the answer to the form, which `UnitField` refuses until one of what was found is chosen.
    """

    template_name = "organisations/widgets/unit_picker.html"
    units = Organisation.objects.none()
    address = ""  # of the page that the form is on, where that is not the one that is open
    sought = ""

    def seek(self, data, name: str) -> None:
        self.sought = normalised(data.get(f"{name}-tim", "")).strip()[:LONGEST]

    def value_from_datadict(self, data, files, name):
        self.seek(data, name)
        return super().value_from_datadict(data, files, name)

    def use_required_attribute(self, initial) -> bool:
        """No, or a browser would not send what is sought."""
        return False

    def get_context(self, name: str, value: Any, attrs: dict | None) -> dict[str, Any]:
        found = offer(self.units, self.sought, value)
        is_open = bool(self.sought and found.groups and not found.is_short)
        empty = self.empty_label if found.is_short else f"{self.empty_label} (gõ tên ở ô trên)"
        self.choices = [*found.groups] if is_open else [("", empty), *found.groups]
        context = super().get_context(name, value, attrs)
        if is_open:
            context["widget"]["attrs"]["size"] = max(2, min(found.lines, MOST_SEEN))
        context["widget"] |= {
            "found": found,
            "sought": self.sought,
            "longest": LONGEST,
            "address": self.address,
        }
        return context


class UnitField(forms.ModelChoiceField):
    """A unit that a person has seen to be the one: not another than what they last sought."""

    widget = UnitPicker

    def __init__(self, queryset, *, empty_label: str = "Chọn đơn vị", **kwargs):
        super().__init__(queryset, empty_label=empty_label, **kwargs)
        self.widget.empty_label = empty_label

    def clean(self, value):
        unit, sought = super().clean(value), self.widget.sought
        if sought and not (unit and self.queryset.named(sought).filter(pk=unit.pk).exists()):
            raise forms.ValidationError(PICK_ONE)
        return unit

    def _set_queryset(self, queryset):
        super()._set_queryset(queryset)
        self.widget.units = self.queryset

    queryset = property(forms.ModelChoiceField._get_queryset, _set_queryset)


def _grouped(units: Iterable[Organisation]) -> list[tuple[str, list[tuple[int, str]]]]:
    """By kind; what belongs to a district stands under it, and under its city where several are."""
    units = list(units)
    periods = len({unit.valid_from for unit in units if unit.kind != Kind.AGENCY}) > 1
    cities = {unit.parent for unit in units if unit.parent and unit.parent.kind == Kind.CITY}
    groups: dict[str, list] = {}
    for unit in units:
        label = str(Kind(unit.kind).label).capitalize()
        if unit.kind == Kind.COMMUNE and unit.parent:
            label = f"Thuộc {unit.parent.name_in_sentence}"
        elif unit.parent and (unit.parent.kind == Kind.DISTRICT or len(cities) > 1):
            label += f" của {unit.parent.name_in_sentence}"
        if periods:
            label += f" (có từ {unit.valid_from:%d/%m/%Y})"
        groups.setdefault(label, []).append((unit.pk, unit.name))
    return list(groups.items())
