"""What is typed from a signed decision: its head, its scan, and the level of each dossier."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django import forms
from django.db.models import QuerySet
from django.utils.formats import date_format

from evaluations.actions.decisions import Said
from evaluations.forms.council import LEVELS, day_field, line_field
from evaluations.models import Decision, DecisionLine, Evaluation, SessionItem
from evaluations.validators import JPEG, PDF, PNG
from organisations.nfc_forms import VietnameseForm
from organisations.text import is_key

SCANS = ",".join(extension for kind in (PDF, JPEG, PNG) for extension in kind.extensions)
TAKEN = "taken-"
CITY_ISSUER = "Bộ Giáo dục và Đào tạo"


@dataclass(frozen=True)
class Offer:
    """One dossier that a decision may name, and the level that stands before it."""

    evaluation: Evaluation
    level: int
    basis: str  # "hội đồng kết luận ngày 20/12/2022, 7 phiếu đồng ý với kết luận, 0 không"
    not_before: date


@dataclass(frozen=True)
class OfferRow:
    offer: Offer
    taken: forms.BoundField | None
    level: forms.BoundField
    reason: forms.BoundField


class DecisionForm(VietnameseForm):
    """The head of the paper as printed, and below it a level for each dossier it names.

    Fields of a dossier are named `taken-<pk>`, `level-<pk>`, `reason-<pk>`.
    """

    differs = "Khác kết luận của hội đồng thì ghi lý do."

    number = line_field(
        "Số, ký hiệu",
        100,
        "Ghi số, ký hiệu của quyết định.",
        widget=forms.TextInput(attrs={"placeholder": "ví dụ 4012/QĐ-UBND", "autocomplete": "off"}),
    )
    signed_on = day_field("Ngày ký")
    issuer = line_field("Cơ quan ban hành", 200, "Ghi cơ quan ban hành.")
    signer_name = line_field("Người ký", 100, "Ghi họ tên người ký.")
    signer_position = line_field("Chức vụ người ký", 150, "Ghi chức vụ người ký.")
    scan = forms.FileField(
        label="Bản quét quyết định",
        widget=forms.FileInput(attrs={"accept": SCANS}),
        max_length=None,
        allow_empty_file=True,  # said in our own words by `validators.check_file`
        error_messages={"required": "Chọn bản quét của quyết định đã ký (PDF hoặc ảnh)."},
    )

    def __init__(
        self,
        *args,
        offers: Sequence[Offer],
        known: QuerySet[Evaluation],
        today: date,
        **kwargs,
    ):
        """`known`: the dossiers of the round whose names this person may be told."""
        super().__init__(*args, **kwargs)
        self.offers = offers
        self.known = known
        self.today = today
        for offer in offers:
            self._add_offer(offer)

    def _add_offer(self, offer: Offer) -> None:
        pk, name = offer.evaluation.pk, offer.evaluation.unit.name
        self.fields[f"taken-{pk}"] = forms.BooleanField(
            label=f"Quyết định có nêu {name}", required=False
        )
        self.fields[f"level-{pk}"] = forms.TypedChoiceField(
            label=f"Mức độ của {name}",
            choices=LEVELS,
            coerce=int,
            empty_value=None,
            required=False,  # of a dossier that the paper does not name nothing is asked
            initial=str(offer.level),
            error_messages={"invalid_choice": "Chọn mức độ."},
        )
        self.fields[f"reason-{pk}"] = forms.CharField(
            label=f"Lý do khác của {name}",
            required=False,
            max_length=2000,
            widget=forms.Textarea(attrs={"rows": 2}),
        )

    def clean_signed_on(self) -> date:
        signed_on = self.cleaned_data["signed_on"]
        if signed_on > self.today:
            raise forms.ValidationError("Ngày ký ở sau hôm nay. Xem lại ngày trên quyết định.")
        return signed_on

    def clean(self):
        cleaned = super().clean()
        named = [offer for offer in self.offers if self._is_named(offer)]
        if gone := self._gone():
            self.add_error(
                None,
                f"Không còn chờ ghi quyết định: {', '.join(gone)} (vừa có quyết định, hoặc vừa "
                "được mở lại thẩm định). Xem lại danh sách bên dưới rồi ghi.",
            )
        elif not named:
            self.add_error(None, "Đánh dấu ít nhất một hồ sơ mà quyết định nêu tên.")
        for offer in named:
            self._check_level(offer)
        signed_on, begun = cleaned.get("signed_on"), [offer.not_before for offer in named]
        if signed_on and begun and signed_on < max(begun):
            text = f"Ngày ký ở trước {self._before} ngày {date_format(max(begun))}."
            self.add_error("signed_on", text)
        return cleaned

    _before = "phiên họp hội đồng"

    def _is_named(self, offer: Offer) -> bool:
        return bool(self.cleaned_data.get(f"taken-{offer.evaluation.pk}"))

    def _gone(self) -> list[str]:
        """The dossiers ticked on the page that somebody else took care of since it was opened; a
        key that was never on it has no name."""
        ticked = [name.removeprefix(TAKEN) for name in self.data if name.startswith(TAKEN)]
        offered = {str(offer.evaluation.pk) for offer in self.offers}
        missing = [pk for pk in ticked if pk not in offered and is_key(pk)]
        named = [row.unit.name for row in self.known.filter(pk__in=missing).select_related("unit")]
        return named or ["một hồ sơ đã đánh dấu"] * bool(missing)

    def _check_level(self, offer: Offer) -> None:
        pk = offer.evaluation.pk
        level = self.cleaned_data.get(f"level-{pk}")
        reason = self.cleaned_data.get(f"reason-{pk}", "").strip()
        if level is None and f"level-{pk}" not in self.errors:
            self.add_error(f"level-{pk}", "Chọn mức độ.")
        elif level is not None and level != offer.level and not reason:
            self.add_error(f"reason-{pk}", self.differs)

    @property
    def details(self) -> dict:
        names = ("number", "signed_on", "issuer", "signer_name", "signer_position")
        return {name: self.cleaned_data[name] for name in names}

    @property
    def lines(self) -> list[Said]:
        said = self.cleaned_data
        pks = [offer.evaluation.pk for offer in self.offers if self._is_named(offer)]
        return [Said(pk, said[f"level-{pk}"], said[f"reason-{pk}"].strip()) for pk in pks]

    @property
    def rows(self) -> list[OfferRow]:
        return [
            OfferRow(
                offer,
                self[f"taken-{offer.evaluation.pk}"]
                if f"taken-{offer.evaluation.pk}" in self.fields
                else None,
                self[f"level-{offer.evaluation.pk}"],
                self[f"reason-{offer.evaluation.pk}"],
            )
            for offer in self.offers
        ]


class CorrectionForm(DecisionForm):
    """The decision that takes the place of another: it says of every dossier of that one."""

    differs = "Khác quyết định trước thì ghi lý do."
    _before = "quyết định được thay,"

    correction_reason = forms.CharField(
        label="Lý do thay quyết định trước",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Ghi lý do thay quyết định trước."},
    )

    def _add_offer(self, offer: Offer) -> None:
        super()._add_offer(offer)
        del self.fields[f"taken-{offer.evaluation.pk}"]

    def _is_named(self, offer: Offer) -> bool:
        return True


def offer_of(item: SessionItem) -> Offer:
    """From what the council concluded; the item with its session and its dossier's unit."""
    held_on = item.session.held_on
    votes = f"{item.votes_for} phiếu đồng ý với kết luận, {item.votes_against} không"
    return Offer(
        evaluation=item.evaluation,
        level=item.concluded_level,
        basis=f"phiên họp {date_format(held_on)}, {votes}",
        not_before=held_on,
    )


def offer_again(line: DecisionLine) -> Offer:
    """From what the decision to be corrected says."""
    decision = line.decision
    return Offer(
        evaluation=line.evaluation,
        level=line.level,
        basis=str(decision),
        not_before=decision.signed_on,
    )


def initial_head(offers: Sequence[Offer]) -> dict:
    """The letterhead of the city over the districts; the Ministry's for the city itself."""
    units = [offer.evaluation.unit for offer in offers]
    city = next((unit.parent for unit in units if unit.parent is not None), None)
    if city is None:
        return {"issuer": CITY_ISSUER}
    return {
        "issuer": city.issuer_name or f"Ủy ban nhân dân {city.name_in_sentence}",
        "signer_name": city.signer_name,
        "signer_position": city.signer_position.capitalize(),
    }


def initial_taken(offers: Sequence[Offer]) -> dict:
    """Everything the council concluded, but the city apart: it has a decision of its own."""
    subjects = {offer.evaluation.criteria_set.subject for offer in offers}
    first = min(subjects, key=lambda subject: subject != "district", default=None)
    return {
        f"taken-{offer.evaluation.pk}": offer.evaluation.criteria_set.subject == first
        for offer in offers
    }


def initial_correction(decision: Decision) -> dict:
    """The head of the paper to be corrected; its number and day are another."""
    names = ("issuer", "signer_name", "signer_position")
    return {name: getattr(decision, name) for name in names}
