"""A paper as HTML for WeasyPrint; the measures of the form stand in `report-print.css`."""

from collections.abc import Iterable
from typing import Any

from django.template.loader import render_to_string

from reports.paper.measuring import rule_under
from reports.paper.parts import Name, Paper, Part

ISSUER_SIZE = 13


def paper_html(paper: Paper, stamp: str) -> str:
    """The whole document; `stamp` is the small line at the foot of every page."""
    return render_to_string(
        "reports/paper/paper.html",
        {
            "paper": paper,
            "stamp": stamp,
            "rule": rule_under(paper.head.issuer, ISSUER_SIZE),
            "issuer": paper.issuer,
            "parts": _with_templates(paper.parts),
            "marks_after": _place_of_name(paper.parts),
            "appendices": [
                {
                    "page": f"appendix-{number}",
                    "appendix": each,
                    "parts": _with_templates(each.parts),
                }
                for number, each in enumerate(paper.appendices, start=1)
            ],
        },
    )


def _with_templates(parts: Iterable[Part]) -> list[dict[str, Any]]:
    """Each part is laid out by the template that bears its name."""
    return [
        {"part": part, "template": f"reports/paper/{type(part).__name__.lower()}.html"}
        for part in parts
    ]


def _place_of_name(parts: Iterable[Part]) -> int:
    """The box of ô 11 stands under the name of the paper; at the top where it has none."""
    return next((n for n, part in enumerate(parts, start=1) if isinstance(part, Name)), 1)
