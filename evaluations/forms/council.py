"""What is typed about a session of the council: its plan, an opinion, its minutes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django import forms

from evaluations.actions.council import Attendance, Attendee, Conclusion
from evaluations.agenda import AgendaLine, Candidate
from evaluations.forms.keys import KeysField
from evaluations.models import CouncilSession, Opinion, SessionMember
from organisations.dates import DayField
from organisations.models import Role, User
from organisations.nfc_forms import VietnameseForm

LEVELS = [("0", "Không công nhận"), *((str(n), f"Mức độ {n}") for n in (1, 2, 3))]
WRITE_TIME = "Ghi giờ và phút, ví dụ 8:30 hoặc 14:00."
MAX_VOTES = 999


def day_field(label: str, **fields) -> DayField:
    """A day typed as dd/mm/yyyy."""
    example = "20/12/2022"
    return DayField(
        label=label,
        widget=forms.DateInput(
            format="%d/%m/%Y",
            attrs={"inputmode": "numeric", "placeholder": "ngày/tháng/năm", "autocomplete": "off"},
        ),
        error_messages={
            "required": f"Ghi {label.lower()}, ví dụ {example}.",
            "invalid": f"Ngày viết theo dạng ngày/tháng/năm, ví dụ {example}.",
        },
        **fields,
    )


def line_field(label: str, max_length: int, missing: str, **fields) -> forms.CharField:
    """One line of text that may not be left out."""
    errors = {"required": missing, "max_length": f"Dài quá {max_length} ký tự. Rút gọn lại."}
    return forms.CharField(label=label, max_length=max_length, error_messages=errors, **fields)


class PeopleField(KeysField):
    """Accounts by name and position."""

    def label_from_instance(self, person: User) -> str:
        said = [person.full_name, person.position, person.organisation.bare_name]
        return ", ".join(part for part in said if part)


class SessionForm(VietnameseForm):
    """When and where the council sits, who sits in it, and over which dossiers."""

    held_on = day_field("Ngày họp")
    starts_at = forms.TimeField(
        label="Giờ họp",
        required=False,
        input_formats=["%H:%M", "%Hh%M", "%Hh", "%H giờ %M", "%H giờ"],
        widget=forms.TimeInput(format="%H:%M", attrs={"placeholder": "8:30"}),
        error_messages={"invalid": WRITE_TIME},
    )
    place = line_field("Địa điểm", 200, "Ghi địa điểm họp.")
    chair = line_field("Chủ trì", 150, "Ghi họ tên người chủ trì.")
    secretary = line_field("Thư ký", 150, "Ghi họ tên thư ký.")
    people = PeopleField(
        label="Thành viên có tài khoản",
        queryset=User.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Những người này đọc hồ sơ và cho ý kiến trực tuyến trước phiên họp.",
        error_messages={"invalid_choice": "Tài khoản này không còn dùng. Tải lại trang."},
    )
    others = forms.CharField(
        label="Thành viên khác",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Mỗi người một dòng: họ và tên, sau dấu phẩy là chức vụ. "
        "Chủ trì, thư ký có biểu quyết thì ghi cả vào đây.",
    )
    dossiers = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Đánh dấu ít nhất một hồ sơ đưa ra phiên họp.",
            "invalid_choice": "Một hồ sơ đã chọn không còn ở bước chờ hội đồng. Xem lại danh sách.",
        },
    )
    version = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, candidates: Sequence[Candidate], **kwargs):
        super().__init__(*args, **kwargs)
        self.candidates = candidates
        self.fields["people"].queryset = (
            User.objects.filter(role=Role.COUNCIL, is_active=True)
            .select_related("organisation")
            .order_by("full_name")
        )
        self.fields["dossiers"].choices = [
            (str(each.evaluation.pk), each.evaluation.unit.name) for each in candidates
        ]

    def clean_others(self) -> list[Attendee]:
        found = []
        for line in self.cleaned_data["others"].splitlines():
            name, _, position = (part.strip() for part in line.partition(","))
            if len(name) > 150 or len(position) > 200:
                raise forms.ValidationError(f"Dòng “{line[:40]}…” quá dài. Rút gọn lại.")
            if name:
                found.append(Attendee(name, position))
        names = [each.name for each in found]
        if twice := next((name for name in names if names.count(name) > 1), None):
            raise forms.ValidationError(f"“{twice}” được ghi hai lần.")
        return found

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("people") and not cleaned.get("others") and not self.errors:
            self.add_error("others", "Ghi ít nhất một thành viên hội đồng.")
        return cleaned

    @property
    def details(self) -> dict:
        names = ("held_on", "starts_at", "place", "chair", "secretary")
        return {name: self.cleaned_data[name] for name in names}

    @property
    def attendees(self) -> list[Attendee]:
        with_account = [
            Attendee(each.full_name, each.position, each.pk) for each in self.cleaned_data["people"]
        ]
        return [*with_account, *self.cleaned_data["others"]]

    @property
    def evaluation_ids(self) -> list[int]:
        return [int(pk) for pk in self.cleaned_data["dossiers"]]

    @property
    def dossier_rows(self) -> list[tuple[Candidate, bool]]:
        """Each candidate, and whether its box is ticked."""
        ticked = {str(pk) for pk in self["dossiers"].value() or ()}
        return [(each, str(each.evaluation.pk) in ticked) for each in self.candidates]


def initial_of(session: CouncilSession) -> dict:
    """A session as its form shows it; fetched by `agenda.sessions_with_agenda`."""
    members = list(session.members.all())
    others = [each for each in members if each.person_id is None]
    return {
        "held_on": session.held_on,
        "starts_at": session.starts_at,
        "place": session.place,
        "chair": session.chair,
        "secretary": session.secretary,
        "people": [each.person_id for each in members if each.person_id],
        "others": "\n".join(
            f"{each.name}, {each.position}" if each.position else each.name for each in others
        ),
        "dossiers": [item.evaluation_id for item in session.items.all() if item.stands],
    }


class OpinionForm(VietnameseForm):
    """A member's word on one dossier before the session."""

    stand = forms.ChoiceField(
        label="Ý kiến của tôi",
        choices=Opinion.Stand.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Chọn một ý kiến."},
    )
    text = forms.CharField(
        label="Nội dung",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Đồng ý thì có thể để trống.",
    )

    def clean(self):
        cleaned = super().clean()
        stand, text = cleaned.get("stand"), cleaned.get("text", "").strip()
        if stand and stand != Opinion.Stand.AGREES and not text and "text" not in self.errors:
            asks = stand == Opinion.Stand.ASKS
            self.add_error("text", f"Ghi {'điều cần làm rõ' if asks else 'lý do không đồng ý'}.")
        return cleaned


@dataclass(frozen=True)
class MemberRow:
    member: SessionMember
    present: forms.BoundField
    reason: forms.BoundField


@dataclass(frozen=True)
class ItemRow:
    line: AgendaLine
    discussion: forms.BoundField
    votes_for: forms.BoundField
    votes_against: forms.BoundField
    concluded_level: forms.BoundField
    conclusion: forms.BoundField


class MinutesForm(VietnameseForm):
    """The minutes: who was there, and for each dossier what was said, voted and concluded.

    Fields are named by what they are about: `present-<member>`, `votes_for-<item>`.
    """

    version = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args, members: Sequence[SessionMember], lines: Sequence[AgendaLine], **kwargs
    ):
        super().__init__(*args, **kwargs)
        self.members = members
        self.lines = lines
        for member in members:
            self._add_member(member)
        for line in lines:
            self._add_item(line)

    def _add_member(self, member: SessionMember) -> None:
        self.fields[f"present-{member.pk}"] = forms.BooleanField(
            label=f"{member.name} có mặt", required=False, initial=member.is_present
        )
        self.fields[f"absence-{member.pk}"] = forms.CharField(
            label=f"Lý do vắng của {member.name}",
            max_length=200,
            required=False,
            initial=member.absence_reason,
            error_messages={"max_length": "Dài quá 200 ký tự. Rút gọn lại."},
        )

    def _add_item(self, line: AgendaLine) -> None:
        item = line.item
        fields = {
            "discussion": _text("Ý kiến tại phiên họp", item.discussion),
            "votes_for": _votes("Phiếu đồng ý", item.votes_for),
            "votes_against": _votes("Phiếu không đồng ý", item.votes_against),
            "concluded_level": forms.TypedChoiceField(
                label="Kết luận",
                choices=[("", "Chưa kết luận"), *LEVELS],
                coerce=int,
                empty_value=None,
                required=False,
                initial="" if item.concluded_level is None else str(item.concluded_level),
            ),
            "conclusion": _text("Lời kết luận", item.conclusion),
        }
        for name, field in fields.items():
            self.fields[f"{name}-{item.pk}"] = field

    def clean(self):
        cleaned = super().clean()
        for member in self.members:
            is_present = cleaned.get(f"present-{member.pk}")
            if not is_present and not cleaned.get(f"absence-{member.pk}", "").strip():
                self.add_error(f"absence-{member.pk}", "Ghi lý do vắng, hoặc “không báo”.")
        present = sum(bool(cleaned.get(f"present-{member.pk}")) for member in self.members)
        for line in self.lines:
            self._check_item(line, present)
        return cleaned

    def _check_item(self, line: AgendaLine, present: int) -> None:
        said = self._conclusion(line.item.pk)
        for name, text in said.problems(line.item.proposed_level, present).items():
            field = f"{name}-{line.item.pk}"
            if field not in self.errors:
                self.add_error(field, text)

    def _conclusion(self, pk: int) -> Conclusion:
        said: Mapping = self.cleaned_data
        return Conclusion(
            discussion=said.get(f"discussion-{pk}", ""),
            votes_for=said.get(f"votes_for-{pk}"),
            votes_against=said.get(f"votes_against-{pk}"),
            concluded_level=said.get(f"concluded_level-{pk}"),
            conclusion=said.get(f"conclusion-{pk}", ""),
        )

    @property
    def attendance(self) -> dict[int, Attendance]:
        said = self.cleaned_data
        return {
            each.pk: Attendance(said[f"present-{each.pk}"], said[f"absence-{each.pk}"])
            for each in self.members
        }

    @property
    def conclusions(self) -> dict[int, Conclusion]:
        return {line.item.pk: self._conclusion(line.item.pk) for line in self.lines}

    @property
    def member_rows(self) -> list[MemberRow]:
        return [
            MemberRow(each, self[f"present-{each.pk}"], self[f"absence-{each.pk}"])
            for each in self.members
        ]

    @property
    def item_rows(self) -> list[ItemRow]:
        names = ("discussion", "votes_for", "votes_against", "concluded_level", "conclusion")
        return [
            ItemRow(line, **{name: self[f"{name}-{line.item.pk}"] for name in names})
            for line in self.lines
        ]


def _text(label: str, initial: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=8000,
        initial=initial,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def _votes(label: str, initial: int | None) -> forms.IntegerField:
    wrong = "Ghi số phiếu bằng chữ số, từ 0 trở lên."
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=0,
        max_value=MAX_VOTES,
        initial=initial,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"invalid": wrong, "min_value": wrong, "max_value": wrong},
    )
