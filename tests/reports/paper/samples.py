"""One paper with every part, long enough for several pages."""

from reports.paper.grids import Align, Box, Grid, GridColumn, GridRow
from reports.paper.parts import (
    Addressees,
    Appendix,
    Article,
    Authority,
    Basis,
    Command,
    Head,
    Heading,
    Name,
    Paper,
    Paragraph,
    Points,
    Signature,
    Signer,
    Small,
    numbered,
)

LONG = "Ủy ban nhân dân huyện chỉ đạo, kiểm tra việc xây dựng xã hội học tập ở cơ sở. "
ISSUER = "Ủy ban nhân dân huyện Vĩnh Bảo"
SIGNER = Signer("TM. Ủy ban nhân dân", "Chủ tịch", "Trần Văn Trưởng")


def indicators(count: int = 12) -> Grid:
    """Each in three rows that stay together: its criterion, its figures, its explanation."""
    rows: list[GridRow] = []
    for number in range(1, count + 1):
        figures = (Box(f"1.1.{number}", Align.CENTRE), Box(LONG), Box("20/26", Align.CENTRE))
        rows += [
            GridRow((Box(f"Tiêu chí {number}", columns=3, is_strong=True),), stays_with_next=True),
            GridRow(figures, stays_with_next=True),
            GridRow((Box(""), Box(LONG, columns=2, lead="Thuyết minh:"))),
        ]
    columns = (GridColumn("Mã", 15), GridColumn("Chỉ báo", 110), GridColumn("Số liệu", 37))
    return Grid(columns, tuple(rows), summary="Kết quả từng chỉ báo")


def matrix() -> Grid:
    """Each district in two lines, its name beside both."""
    rows: list[GridRow] = []
    for name in ("Vĩnh Bảo", "Lê Chân"):
        rows += [
            GridRow((Box(name, rows=2), Box("Tự đánh giá"), Box("đạt"), Box("76,9 %")), True),
            GridRow((Box("Thẩm định"), Box("đang bổ sung", columns=2))),
        ]
    columns = tuple(GridColumn(title, 20) for title in ("Huyện", "Cột", "1.1.1", "2.1.2"))
    return Grid(columns, tuple(rows), size=9)


def paper(**changes: object) -> Paper:
    given = {
        "title": "Báo cáo tự đánh giá – Huyện Vĩnh Bảo – 2022",
        "head": Head("UBND thành phố Hải Phòng", ("Ủy ban nhân dân", "huyện Vĩnh Bảo"), "/BC-UBND"),
        "parts": (
            Name("Báo cáo", "Kết quả tự đánh giá công nhận huyện học tập năm 2022"),
            Authority("Ủy ban nhân dân huyện"),
            Addressees(("Ủy ban nhân dân thành phố Hải Phòng",), "(qua Sở Giáo dục và Đào tạo)"),
            Basis(("Căn cứ Kế hoạch số 02/KH-UBND ngày 04 tháng 01 năm 2022;", "Căn cứ Luật.")),
            Heading("I. Kết quả chung", 1),
            Paragraph(LONG * 3),
            Paragraph("Đạt mức độ 1.", is_strong=True),
            Heading("1. Tiêu chuẩn 1", 2),
            indicators(),
            Points(("Khó khăn thứ nhất;", "Khó khăn thứ hai.")),
            Heading("a) Điểm", 3),
            Command("Quyết định:"),
            Article(1, "Công nhận huyện Vĩnh Bảo."),
            Signature("Trên đây là báo cáo./.", SIGNER, ("Như trên", "Lưu: VT")),
        ),
        "appendices": numbered(
            [
                Appendix("", "DANH MỤC MINH CHỨNG", "Báo cáo", (indicators(9),)),
                Appendix("", "BẢNG TỔNG HỢP", "Báo cáo", (matrix(), Small((LONG,))), True),
            ]
        ),
        "marks": ("Bản nháp, chưa gửi",),
        "issuer": ISSUER,
    }
    return Paper(**(given | changes))
