"""“Danh mục minh chứng” of one dossier, by itself: the appendix of its report as a paper."""

from typing import Any

from evaluations.models import Evaluation
from reports.letterhead import (
    head_of,
    issuer_lines,
    recipients_of,
    signer_of,
    with_usual_letterhead,
)
from reports.paper.parts import Name, Paper, Signature
from reports.self_assessment.content import self_assessment
from reports.self_assessment.paper import evidence_grid
from reports.self_assessment.tables import evidence_table
from reports.tables import Table


def evidence_list(evaluation: Evaluation) -> dict[str, Any]:
    """As the self-assessment is: the last submission, or a draft that says so."""
    content = self_assessment(evaluation)
    name = content["file_name"].replace("Báo cáo tự đánh giá", "Danh mục minh chứng")
    return content | {"file_name": name}


def evidence_list_tables(content: dict[str, Any]) -> list[Table]:
    return [evidence_table(content)]


def evidence_list_paper(content: dict[str, Any]) -> Paper:
    dossier = content["dossier"]
    unit = with_usual_letterhead(dossier["unit"])
    rows = evidence_table(content).rows
    subject = (
        f"Minh chứng hồ sơ tự đánh giá công nhận {unit['noun']} học tập "
        f"năm {dossier['round']['year']}"
    )
    listed = [evidence_grid(rows)] if rows else []
    ending = f"Danh mục có {len(rows)} minh chứng./." if rows else "Hồ sơ chưa có minh chứng./."
    return Paper(
        title=content["file_name"],
        head=head_of(unit, issuer_lines(unit["issuer_name"], unit["name_in_sentence"])),
        parts=(
            Name("Danh mục", subject),
            *listed,
            Signature(ending, signer_of(unit), recipients_of(unit)),
        ),
        marks=tuple(content["marks"]),
        issuer=unit["issuer_name"],
    )
