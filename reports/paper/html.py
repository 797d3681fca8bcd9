"""A paper as HTML for WeasyPrint; the measures of the form stand in `report-print.css`."""

from collections.abc import Iterable
from typing import Any

import segno
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from reports.paper.parts import Figure, Paper, Part, with_ends
from reports.paper.svg import drawing_svg


def paper_html(paper: Paper, stamp: str, check_url: str = "", *, is_archival: bool = False) -> str:
    """The whole document; `stamp` is the small line at the foot of every page, and `check_url`
    stands beside it as a QR code. `is_archival`: to become PDF/A."""
    return render_to_string(
        "reports/paper/paper.html",
        {
            "paper": paper,
            "stamp": stamp,
            "qr": check_url and qr_svg(check_url),
            "issuer": paper.issuer,
            "is_archival": is_archival,
            "parts": _with_templates(paper.parts),
            "marks_after": paper.marks_after,
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


def qr_svg(url: str) -> str:
    """Drawn as lines, sharp on any printer; it bears a little damage (level M)."""
    code = segno.make_qr(url, error="m")
    return mark_safe(code.svg_inline(border=2, omitsize=True))  # made of the library's own digits


def _with_templates(parts: Iterable[Part]) -> list[dict[str, Any]]:
    """Each part is laid out by the template that bears its name."""
    return [
        {
            "part": part,
            "template": f"reports/paper/{type(part).__name__.lower()}.html",
            "ends": is_end,
            "drawn": _drawn(part) if isinstance(part, Figure) else "",
        }
        for part, is_end in with_ends(parts)
    ]


def _drawn(figure: Figure) -> str:
    drawn = drawing_svg(figure.drawing, figure.alt, is_half=figure.is_half)
    return mark_safe(drawn)  # escaped as it is built
