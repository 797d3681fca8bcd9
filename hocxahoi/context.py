"""What the masthead of every page shows: the way around for this role, the office, the round."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import SimpleLazyObject
from django.utils.timezone import localdate

from evaluations.models import Evaluation, Notice, PilotRound
from evaluations.permissions import fills_sheets
from evaluations.rounds import current_round
from hocxahoi.guide import help_url
from organisations.models import Organisation, Role, User

HOME = ("Việc của tôi", "evaluations:home")
DOSSIERS = ("Hồ sơ", "evaluations:dossiers")
REGISTERS = ("Kết quả đơn vị", "evaluations:registers")
SHEETS = ("Phiếu tự chấm", "evaluations:sheets")
EVIDENCE = ("Minh chứng", "evaluations:documents")
BOARD = ("Bảng theo dõi", "evaluations:board")
APPRAISALS = ("Thẩm định", "evaluations:appraisals")
COUNCIL = ("Hội đồng", "evaluations:sessions")
REPORTS = ("Báo cáo", "reports:index")
CATALOGUE = ("Bộ tiêu chí", "criteria:index")
UNITS = ("Đơn vị", "organisations:units")
PEOPLE = ("Người dùng", "organisations:people")
ROUNDS = ("Đợt", "evaluations:rounds")
STANDING = ("Tình trạng", "upkeep:standing")

OF_A_UNIT = (HOME, DOSSIERS, REGISTERS, EVIDENCE, REPORTS, CATALOGUE)
OF_A_SCORED_UNIT = (HOME, SHEETS, EVIDENCE, CATALOGUE)
OF_A_LEAD_AGENCY = (HOME, DOSSIERS, SHEETS, EVIDENCE, CATALOGUE)
OF_THE_COMPILING_AGENCY = (HOME, DOSSIERS, SHEETS, EVIDENCE, REPORTS, CATALOGUE)
OF_THE_STANDING_AGENCY = (HOME, BOARD, APPRAISALS, REGISTERS, COUNCIL, REPORTS, CATALOGUE)
OF_A_READER = (HOME, BOARD, REGISTERS, COUNCIL, REPORTS, CATALOGUE)
MENUS = {
    Role.EDITOR: OF_A_UNIT,
    Role.LEADER: OF_A_UNIT,
    Role.APPRAISER: OF_THE_STANDING_AGENCY,
    Role.APPROVER: OF_THE_STANDING_AGENCY,
    Role.COUNCIL: OF_A_READER,
    Role.OBSERVER: OF_A_READER,
    Role.ADMINISTRATOR: (HOME, UNITS, PEOPLE, ROUNDS, CATALOGUE, STANDING),
}


# One item stands for two places, which show each other as tabs: a masthead has little room.
BESIDE = {
    "evaluations:sessions": "evaluations:decisions",
    "evaluations:appraisals": "evaluations:inspections",
}


@dataclass(frozen=True)
class Item:
    label: str
    url: str
    is_current: bool


def navigation(request: HttpRequest) -> dict:
    """Lazy in every part: a fragment for htmx shows no masthead and pays for none."""
    # A request refused before its session is read, by a wrong host say, has no user.
    if not hasattr(request, "user") or not request.user.is_authenticated:
        return {}
    pilot_round = SimpleLazyObject(lambda: current_round(request))
    return {
        "navigation": SimpleLazyObject(lambda: _menu(request)),
        "help_url": SimpleLazyObject(lambda: help_url(_view_name(request))),
        "unread_notices": SimpleLazyObject(lambda: _unread(request.user)),
        "office_name": SimpleLazyObject(lambda: _office_name(request.user)),
        "current_round_name": SimpleLazyObject(lambda: pilot_round.name if pilot_round else ""),
        "round_closed_on": SimpleLazyObject(lambda: _closed_on(pilot_round)),
        "is_practice": SimpleLazyObject(lambda: bool(pilot_round) and pilot_round.is_practice),
    }


def _view_name(request: HttpRequest) -> str:
    """Of the page that is asked for; none of an address that leads to no page."""
    return request.resolver_match.view_name if request.resolver_match else ""


def _unread(user: User) -> int:
    return Notice.objects.visible_to(user).unread().count()


def _menu(request: HttpRequest) -> list[Item]:
    # A commune or an agency has a sheet where a district has a dossier and registers.
    user = request.user
    menu = OF_A_SCORED_UNIT if fills_sheets(user) else MENUS[user.role]
    if menu == OF_A_SCORED_UNIT and _has_part_in_city(user):
        compiles = Evaluation.objects.visible_to(user).exists()
        menu = OF_THE_COMPILING_AGENCY if compiles else OF_A_LEAD_AGENCY
    return [
        Item(label, reverse(name), is_current=_is_current(name, request.path))
        for label, name in menu
    ]


def _has_part_in_city(user: User) -> bool:
    """An agency of the city that leads an indicator of its dossier, or compiles it."""
    is_agency = user.organisation.kind == Organisation.Kind.AGENCY
    return is_agency and Evaluation.objects.known_to(user).exists()


def _is_current(name: str, path: str) -> bool:
    beside = BESIDE.get(name)
    return _leads_to(reverse(name), path) or bool(beside and _leads_to(reverse(beside), path))


def _leads_to(url: str, path: str) -> bool:
    """A page under an item's address belongs to that item; home is only itself."""
    return path == url or (url != reverse("evaluations:home") and path.startswith(url))


def _closed_on(pilot_round: PilotRound | None) -> str:
    """The day on which the round that is shown was closed; empty for one that is not."""
    if not pilot_round or not pilot_round.closed_at:
        return ""
    return date_format(localdate(pilot_round.closed_at))


def _office_name(user: User) -> str:
    """An agency by its short name; a district's short name is only half of it ("Vĩnh Bảo")."""
    office = user.organisation
    if office is None:
        return user.full_name
    if office.kind == Organisation.Kind.AGENCY and office.short_name:
        return office.short_name
    return office.name
