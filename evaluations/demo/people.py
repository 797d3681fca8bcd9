"""Practice accounts: one for each role, two for each district, the heads of some smaller units.

Names are roles, not persons.
"""

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.hashers import make_password

from organisations.models import Organisation, Role, User
from organisations.text import search_key

# Known to everyone who reads this: only the local demo makes these accounts.
PASSWORD = "tap-huan-hai-phong"


@dataclass(frozen=True)
class DemoAccount:
    """One line of the list that `manage.py demo` prints."""

    role: str
    unit: str
    username: str
    password: str
    task: str  # what waits for this person in the practice round


@dataclass(frozen=True)
class Wanted:
    username: str
    role: Role
    unit: Organisation
    number: str = ""  # of the second person with the same role in the same office

    @property
    def full_name(self) -> str:
        """ "Lãnh đạo Sở GD&ĐT": the role's last word is not said twice."""
        office = self.unit.bare_name
        if self.role.label.split()[-1] == office.split()[0]:
            office = office.split(maxsplit=1)[-1]
        return " ".join(filter(None, (self.role.label, self.number, office)))


APPRAISER, APPROVER, ADMINISTRATOR = "so.thamdinh", "so.lanhdao", "quantri"
AGENCY_PEOPLE = (
    (APPRAISER, Role.APPRAISER, "SGDDT"),
    ("so.thamdinh2", Role.APPRAISER, "SGDDT", "2"),
    (APPROVER, Role.APPROVER, "SGDDT"),
    ("hoidong", Role.COUNCIL, "VPUB"),
    ("hoidong2", Role.COUNCIL, "SNV"),
    ("so.tonghop", Role.EDITOR, "SGDDT"),
    ("so.tonghop.lanhdao", Role.LEADER, "SGDDT"),
    ("sotttt", Role.EDITOR, "STTTT"),
    ("sotttt.lanhdao", Role.LEADER, "STTTT"),
    ("vpub", Role.EDITOR, "VPUB"),
    ("cucthongke", Role.EDITOR, "CTK"),
    ("theodoi", Role.OBSERVER, "HKH"),
    (ADMINISTRATOR, Role.ADMINISTRATOR, "SGDDT"),
)
COMMUNE, SCHOOL, CITY_AGENCY = "11827", "316-TH32", "SNV"  # Dũng Tiến twice; Sở Nội vụ
# And those that are not shown: two schools and a commune of Vĩnh Bảo that have sent their sheets.
HEADS = (COMMUNE, SCHOOL, CITY_AGENCY, "316-TH33", "316-TH34", "11887")
# Who keeps a register, who stands in it, and a second district to see that it sees nothing.
SHOWN_UNITS = ("316", COMMUNE, SCHOOL, "311", "306", CITY_AGENCY)
TASKS = {
    "vinhbao": "hồ sơ còn trống, để tập từ đầu",
    "vinhbao.lanhdao": "đọc lại, gửi hồ sơ cho Sở",
    "thuynguyen": "hồ sơ bị trả lại, còn một yêu cầu chưa trả lời",
    "thuynguyen.lanhdao": "gửi lại hồ sơ khi đã trả lời đủ",
    "haian": "hồ sơ đã gửi, chờ Sở tiếp nhận",
    "haian.lanhdao": "rút hồ sơ về sửa được khi Sở chưa tiếp nhận",
    "dungtien.lanhdao": "xã tự chấm",
    "thcsdungtien.lanhdao": "phiếu tự chấm bị trả lại",
    "sonoivu": "hồ sơ thành phố: 3.2.4 đã nhập, chờ bàn giao",
    "sonoivu.lanhdao": "phiếu tự chấm đã gửi Sở; bàn giao 3.2.4 của thành phố",
    "so.tonghop": "tổng hợp hồ sơ thành phố: ai nợ gì, trả lại, nhập phần của Sở",
    "so.tonghop.lanhdao": "phân công, gửi hồ sơ thành phố cho hội đồng",
    "sotttt": "hồ sơ thành phố: 2.2.2 bị trả lại, 2.2.4 chưa nhập",
    "sotttt.lanhdao": "bàn giao chỉ báo của Sở TT&TT",
    "vpub": "hồ sơ thành phố: đã bàn giao 1.1.1, 1.1.2",
    "cucthongke": "hồ sơ thành phố: đã bàn giao 3.1.1, 3.1.4",
    APPRAISER: "Hải An chờ tiếp nhận, Lê Chân vừa gửi lại",
    "so.thamdinh2": "người thẩm định thứ hai",
    APPROVER: "Hồng Bàng chờ xác nhận",
    "hoidong": "hai hồ sơ chờ ý kiến trước phiên họp",
    "hoidong2": "đã cho ý kiến hai hồ sơ",
    "theodoi": "đọc bảng theo dõi, hồ sơ, kết quả",
    ADMINISTRATOR: "đợt, người dùng, đơn vị, bộ tiêu chí",
}


def make_people(
    districts: list[Organisation], without_leader: str, units_on: date
) -> dict[str, User]:
    """Accounts by username; those that exist are left as they are."""
    units = {unit.code: unit for unit in Organisation.objects.in_force(units_on)}
    wanted = [
        Wanted(name, role, units[code], *number) for name, role, code, *number in AGENCY_PEOPLE
    ]
    for unit in districts:
        wanted.append(Wanted(editor_of(unit), Role.EDITOR, unit))
        if unit.code != without_leader:
            wanted.append(Wanted(leader_of(unit), Role.LEADER, unit))
    if agency := units.get(CITY_AGENCY):
        wanted.append(Wanted(editor_of(agency), Role.EDITOR, agency))
    for code in HEADS:
        if unit := units.get(code):  # an agency may have been taken out of its register
            wanted.append(Wanted(leader_of(unit), Role.LEADER, unit))
    known = {user.username: user for user in User.objects.select_related("organisation")}
    new = [each for each in wanted if each.username not in known]
    # One slow hash for all of them: it is one password, and it is no secret.
    hashed = make_password(PASSWORD) if new else ""
    for each in new:
        user = User(
            username=each.username,
            password=hashed,
            role=each.role,
            organisation=each.unit,
            full_name=each.full_name,
            email=f"{each.username}@tap-huan.example",  # leads nowhere, by RFC 2606
        )
        user.search = user.computed_search()
        user.save(force_insert=True)
        known[user.username] = user
    return {each.username: known[each.username] for each in wanted}


def editor_of(unit: Organisation) -> str:
    """ "vinhbao"."""
    return search_key(unit.bare_name).replace(" ", "")


def leader_of(unit: Organisation) -> str:
    return f"{editor_of(unit)}.lanhdao"


def demo_accounts() -> list[DemoAccount]:
    """The accounts to show, by role in the order of a dossier's way; those of the units in theirs.

    Only those that the demo itself made.
    """
    users = User.objects.select_related("organisation")
    of_units = [
        user
        for user in users.filter(organisation__code__in=SHOWN_UNITS)
        if user.username in (editor_of(user.organisation), leader_of(user.organisation))
    ]
    of_units.sort(key=lambda user: SHOWN_UNITS.index(user.organisation.code))
    by_name = {user.username: user for user in users}
    of_agencies = [by_name[name] for name, *_ in AGENCY_PEOPLE if name in by_name]
    shown = sorted([*of_units, *of_agencies], key=lambda user: Role.values.index(user.role))
    return [
        DemoAccount(
            user.get_role_display(),
            user.organisation.name,
            user.username,
            PASSWORD,
            TASKS.get(user.username, ""),
        )
        for user in shown
    ]
