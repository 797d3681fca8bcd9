"""How the workbook is laid out: its sheets, their columns, and what it says of itself.

A change of columns or of their meaning is a new VERSION: files made before it are refused then.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from criteria.points import PointRule
from evaluations.models import UnitResult
from evaluations.title_reading import FIELDS as TITLE_FIELDS
from evaluations.unit_reading import IN_SCOPE, OUT_OF_SCOPE

Kind = UnitResult.Kind
VERSION = 1
MAX_BYTES = 10 * 1024 * 1024
TOO_LARGE = (
    f"Tệp lớn hơn {MAX_BYTES // 1024**2} MB. Xóa ảnh và trang thừa, hoặc tải mẫu mới rồi chép số "
    "liệu sang."
)
MAX_ROWS = 20_000

GUIDE_SHEET = "Hướng dẫn"
# The rows of the guide that say what the file is for.
IDENTITY = {
    "version": "Phiên bản mẫu",
    "pilot_round": "Đợt",
    "unit_code": "Mã đơn vị",
    "unit_name": "Tên đơn vị",
    "year": "Năm",
}

CODE, NAME = "code", "name"
KEYS = {CODE: "Mã", NAME: "Tên"}
RESULT_FIELDS = {
    "in_scope": "Trong phạm vi",
    "exclusion_reason": "Lý do ngoài phạm vi",
    "self_score": "Điểm tự chấm",
    "self_rating": "Tự xếp loại",
    "score": "Điểm",
    "rating": "Xếp loại",
    "decision_number": "Số quyết định",
    "decision_on": "Ngày quyết định",
    "correction_reason": "Lý do khác tự chấm",
}
POINT_FIELDS = ("self_score", "score")
# For the reader alone: not read back, whatever stands there.
PAST_TITLE = "Năm trước"
ERROR_TITLE = "Lỗi"


@dataclass(frozen=True)
class Layout:
    """One sheet: whose lines it has, and which fields by name and title in the order of columns."""

    key: str
    title: str
    kind: str
    fields: Mapping[str, str]
    rule: PointRule | None = None  # None: the sheet counts titles and rates nobody
    takes_new_units: bool = False

    @property
    def columns(self) -> dict[str, str]:
        return {**KEYS, **self.fields}

    @property
    def has_results(self) -> bool:
        return self.rule is not None

    @property
    def choices(self) -> dict[str, list[str]]:
        """What may be chosen in a field, where that is a list."""
        if self.rule is None:
            return {}
        labels = [band.label for band in self.rule.ratings]
        return {"in_scope": [IN_SCOPE, OUT_OF_SCOPE], "self_rating": labels, "rating": labels}


def agencies(rule: PointRule) -> Layout:
    return Layout(
        "agencies",
        "Cơ quan",
        Kind.LEARNING_UNIT,
        _result_fields(rule),
        rule,
        takes_new_units=True,
    )


def communes(rule: PointRule) -> Layout:
    return Layout("communes", "Xã, phường", Kind.LEARNING_COMMUNITY, _result_fields(rule), rule)


def titles() -> Layout:
    return Layout("titles", "Danh hiệu", Kind.LEARNING_COMMUNITY, TITLE_FIELDS)


def _result_fields(rule: PointRule) -> dict[str, str]:
    """Without the points where nobody knows what they are given for."""
    return {
        name: title
        for name, title in RESULT_FIELDS.items()
        if rule.has_points or name not in POINT_FIELDS
    }
