"""“Bộ tiêu chí” as it was published (Phụ lục II, III), with the rule on it (Phụ lục I).

Law, not an issued paper: it has no letterhead and no signature. The wording is the document's;
what the system added, the way each indicator is counted, stands in a column of its own.
"""

from typing import Any

from criteria.models import CriteriaSet, Indicator
from reports.paper.grids import Align, Box, Grid, GridColumn, GridRow
from reports.paper.parts import Heading, Name, Paper, Small
from reports.tables import Column, Table, text

KIND = "Bộ tiêu chí"
KEY = (
    "Chỉ báo và hướng dẫn đánh giá là nguyên văn; cột “Cách tính” do hệ thống ghi theo Phụ lục I "
    "và lời của chỉ báo."
)
ROLES = {True: "Xét mức độ", False: "Điều kiện tiên quyết"}
SIZE = 10
# Millimetres: 251 together, as wide as the page.
CODE, TEXT, GUIDANCE, LEAD, PARTNERS, MEASURE = 13.0, 76.0, 35.0, 33.0, 44.0, 50.0


def criteria_set_report(criteria_set: CriteriaSet) -> dict[str, Any]:
    """The set word for word, from the rows that rounds judge by."""
    return {
        "is_draft": False,
        "marks": [],
        "file_name": criteria_set.title.replace("/", ", "),
        "title": criteria_set.title,
        "legal_basis": criteria_set.legal_basis,
        "rule": criteria_set.rule_paragraphs,
        "standards": [
            {
                "code": standard.code,
                "text": standard.text,
                "criteria": [
                    {
                        "code": criterion.code,
                        "text": criterion.text,
                        "indicators": [_indicator(each) for each in criterion.indicators.all()],
                    }
                    for criterion in standard.criteria.all()
                ],
            }
            for standard in criteria_set.standards.all()
        ],
    }


def criteria_set_tables(content: dict[str, Any]) -> list[Table]:
    rows = [
        indicator
        | {
            "standard": f"{standard['code']}. {standard['text']}",
            "criterion": f"{criterion['code']}. {criterion['text']}",
        }
        for standard in content["standards"]
        for criterion in standard["criteria"]
        for indicator in criterion["indicators"]
    ]
    columns = COLUMNS if _has_leads(content) else COLUMNS[:5] + COLUMNS[7:]
    rule = [{"text": paragraph} for paragraph in content["rule"]]
    return [
        Table("Chỉ báo", columns, rows, kept=3),
        Table("Quy định về mức độ", RULE_COLUMNS, rule, has_filter=False),
    ]


def criteria_set_paper(content: dict[str, Any]) -> Paper:
    kind, subject = _named(content["title"])
    return Paper(
        title=content["file_name"],
        head=None,
        parts=(
            Name(kind, subject),
            Small((f"{content['legal_basis']}.", KEY)),
            _grid(content),
            Heading("Quy định về các mức độ công nhận và điều kiện công nhận (Phụ lục I)", 1),
            Small(tuple(content["rule"])),
        ),
        is_landscape=True,
    )


def _indicator(indicator: Indicator) -> dict[str, Any]:
    return {
        "code": indicator.code,
        "text": indicator.text,
        "as_published": indicator.as_published,
        "guidance": indicator.guidance,
        "lead": indicator.lead,
        "partners": indicator.partners,
        "role": ROLES[indicator.is_graded],
        "measure": indicator.measure.plain,
    }


def _named(title: str) -> tuple[str, str]:
    """“Bộ tiêu chí” over what it is for, as the heading of the appendix."""
    what = title.removeprefix(f"{KIND} ")
    return KIND, what[:1].upper() + what[1:]


def _has_leads(content: dict[str, Any]) -> bool:
    """Only the city's set says which agency does what (Phụ lục II)."""
    return any(
        indicator["lead"]
        for standard in content["standards"]
        for criterion in standard["criteria"]
        for indicator in criterion["indicators"]
    )


def _grid(content: dict[str, Any]) -> Grid:
    has_leads = _has_leads(content)
    leads = (
        (GridColumn("Cơ quan chủ trì, tham mưu", LEAD), GridColumn("Cơ quan phối hợp", PARTNERS))
        if has_leads
        else ()
    )
    columns = (
        GridColumn("Mã", CODE),
        GridColumn("Chỉ báo", TEXT),
        GridColumn("Hướng dẫn đánh giá", GUIDANCE),
        *leads,
        GridColumn("Cách tính", MEASURE, is_shaded=True),
    )
    rows: list[GridRow] = []
    for standard in content["standards"]:
        title = f"Tiêu chuẩn {standard['code']}. {standard['text']}"
        rows.append(_title(title, len(columns), is_strong=True))
        for criterion in standard["criteria"]:
            rows.append(_title(f"{criterion['code']}. {criterion['text']}", len(columns)))
            rows += [_row(each, has_leads) for each in criterion["indicators"]]
    return Grid(columns, tuple(rows), size=SIZE, summary=content["title"])


def _title(said: str, columns: int, *, is_strong: bool = False) -> GridRow:
    return GridRow((Box(said, columns=columns, is_strong=is_strong),), stays_with_next=True)


def _row(indicator: dict[str, Any], has_leads: bool) -> GridRow:
    leads = (Box(indicator["lead"]), Box(indicator["partners"])) if has_leads else ()
    return GridRow(
        (
            Box(indicator["code"], Align.CENTRE),
            Box(_text(indicator)),
            Box(indicator["guidance"]),
            *leads,
            Box(f"{indicator['role']}. {indicator['measure']}", is_shaded=True),
        )
    )


def _text(indicator: dict[str, Any]) -> str:
    """With the words of the publication where a misprint was put right."""
    printed = indicator["as_published"]
    return indicator["text"] + (f" (bản công bố in: “{printed}”)" if printed else "")


COLUMNS = (
    Column("standard", "Tiêu chuẩn", lambda row: text(row["standard"]), 24),
    Column("criterion", "Tiêu chí", lambda row: text(row["criterion"]), 24),
    Column("code", "Mã", lambda row: text(row["code"]), 8),
    Column("text", "Chỉ báo", lambda row: text(_text(row)), 52),
    Column("guidance", "Hướng dẫn đánh giá", lambda row: text(row["guidance"]), 40),
    Column("lead", "Cơ quan chủ trì, tham mưu", lambda row: text(row["lead"]), 24),
    Column("partners", "Cơ quan, đơn vị phối hợp", lambda row: text(row["partners"]), 30),
    Column("role", "Vai trò", lambda row: text(row["role"]), 14),
    Column("measure", "Cách tính", lambda row: text(row["measure"]), 34),
)
RULE_COLUMNS = (
    Column("text", "Quy định về mức độ, nguyên văn Phụ lục I", lambda row: text(row["text"]), 120),
)
