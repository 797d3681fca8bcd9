"""The roles in words, and which of them an organisation can hold (`design.md` 2)."""

from django.core.exceptions import ImproperlyConfigured

from organisations.models import Organisation, Role

Kind = Organisation.Kind

MAY = {
    Role.EDITOR: (
        "Nhập số liệu, giải trình và minh chứng cho hồ sơ hoặc phiếu tự chấm của đơn vị mình.",
        "Không gửi hồ sơ, phiếu; việc đó của lãnh đạo đơn vị.",
    ),
    Role.LEADER: (
        "Làm mọi việc của người nhập liệu.",
        "Gửi hồ sơ, phiếu tự chấm của đơn vị; rút lại khi nơi nhận chưa xử lý.",
    ),
    Role.APPRAISER: (
        "Tiếp nhận hồ sơ, thẩm định từng chỉ báo, trả lại để bổ sung, kết thúc thẩm định.",
        "Lập báo cáo, bảng tổng hợp của đợt.",
        "Không thẩm định phần do chính mình nhập.",
    ),
    Role.APPROVER: (
        "Xác nhận kết quả thẩm định do người khác làm, chuyển lại để thẩm định tiếp, "
        "mở lại kèm lý do.",
        "Lập phiên họp hội đồng, ghi quyết định công nhận.",
        "Không sửa phần thẩm định của chuyên viên.",
    ),
    Role.COUNCIL: (
        "Đọc hồ sơ đã gửi, bảng theo dõi và báo cáo; không sửa.",
        "Cho ý kiến về hồ sơ trước phiên họp mà mình là thành viên.",
    ),
    Role.OBSERVER: ("Đọc hồ sơ đã gửi, bảng theo dõi và báo cáo; không sửa.",),
    Role.ADMINISTRATOR: (
        "Quản lý đơn vị, người dùng, đợt đánh giá và danh mục.",
        "Không có ý kiến, không sửa trong bất cứ hồ sơ nào.",
    ),
}


def refuse_unknown(names: list[str]) -> None:
    """A role misspelt in the environment would quietly be required of nobody."""
    unknown = set(names) - set(Role.values)
    if unknown:
        raise ImproperlyConfigured(
            f"SECOND_FACTOR_ROLES: không có vai trò {', '.join(sorted(unknown))}. "
            f"Các vai trò: {', '.join(Role.values)}."
        )


def misfit(role: str, organisation: Organisation | None) -> str:
    """Why this organisation cannot hold this role, in words; empty when it can."""
    if organisation is None:
        return "" if role == Role.ADMINISTRATOR else "Chọn đơn vị của người này."
    if role in (Role.APPRAISER, Role.APPROVER) and not _is_city_agency(organisation):
        return (
            f"Vai trò “{Role(role).label}” chỉ dành cho cơ quan cấp thành phố, "
            f"không dành cho {organisation.name_in_sentence}."
        )
    return ""


def _is_city_agency(organisation: Organisation) -> bool:
    parent = organisation.parent
    return organisation.kind == Kind.AGENCY and (parent is None or parent.kind == Kind.CITY)
