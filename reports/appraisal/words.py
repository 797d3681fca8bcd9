"""What “Báo cáo thẩm định” says in prose that an officer may rewrite: drafted from its content."""

from typing import Any

from reports.days import day
from reports.sections import Facts, Section, nothing

MINISTRY = "Bộ Giáo dục và Đào tạo"
REMARKS = (
    "Nhận xét, lưu ý, kiến nghị đối với đơn vị. Hệ thống không gợi ý phần này; để trống thì không "
    "in."
)


def doing(content: Facts) -> str:
    """The Sở appraises; the council, which hears the city's own, assesses."""
    return "đánh giá" if content["is_city"] else "thẩm định"


def what(content: Facts) -> str:
    """ "hồ sơ công nhận quận học tập năm 2022" """
    dossier = content["dossier"]
    return f"hồ sơ công nhận {dossier['unit']['noun']} học tập năm {dossier['round']['year']}"


def way(content: Facts) -> list[str]:
    """When it came, went back and for what, was inspected, concluded and confirmed."""
    by_kind: dict[str, list[dict[str, Any]]] = {}
    for each in content["way"]:
        by_kind.setdefault(each["kind"], []).append(each)
    lines = [
        *_submitted(content, by_kind.get("submit", [])),
        *(_returned(content, each) for each in by_kind.get("return", [])),
        *(_inspected(content, each) for each in content["inspections"]),
        *_concluded(content, by_kind),
    ]
    return [f"- {line}" for line in lines]


def _submitted(content: Facts, submitted: list[dict[str, Any]]) -> list[str]:
    if not submitted:
        return []
    first, *more = submitted
    again = "".join(f"; gửi lại ngày {day(each['on'])}" for each in more)
    whose = f"Ủy ban nhân dân {content['dossier']['unit']['name_in_sentence']}"
    return [f"{whose} gửi hồ sơ ngày {day(first['on'])}{again}."]


def _returned(content: Facts, each: dict[str, Any]) -> str:
    codes = each["asked"]
    return (
        f"{content['issuer']['issuer_name']} trả lại hồ sơ ngày {day(each['on'])} để bổ sung "
        f"{len(codes)} chỉ báo: {', '.join(codes)}."
    )


def _inspected(content: Facts, each: dict[str, Any]) -> str:
    said = f"Kiểm tra thực tế ngày {day(each['on'])}"
    if not each["units"]:
        return f"{said}."
    differing = (
        f"{each['differing']} đơn vị có kết quả khác với hồ sơ"
        if each["differing"]
        else "kết quả đúng với hồ sơ"
    )
    return f"{said} tại {each['units']} đơn vị được rút thăm: {differing}."


def _concluded(content: Facts, by_kind: dict[str, list[dict[str, Any]]]) -> list[str]:
    if "finish" not in by_kind:
        return []
    said = f"Kết thúc {doing(content)} ngày {day(by_kind['finish'][-1]['on'])}"
    if "confirm" in by_kind:
        by = "kết quả được" if content["is_city"] else "lãnh đạo Sở"
        said += f"; {by} xác nhận ngày {day(by_kind['confirm'][-1]['on'])}"
    return [f"{said}."]


SECTIONS = (
    Section("qua-trinh", "Quá trình thẩm định", way),
    Section("nhan-xet", "Nhận xét, kiến nghị", nothing, hint=REMARKS),
)
