"""A package from its parts: the printed reports, the evidence, an index twice, and the sums."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, BinaryIO
from urllib.parse import quote

from django.core.files.storage import default_storage
from django.template.loader import render_to_string

from reports.figures import CannotRender
from reports.package.archive import Archive, new_archive, pieces_of

INDEX = "index"
GONE = (
    "Tệp minh chứng “{path}” không còn ở nơi lưu trữ nên không đóng gói được. "
    "Báo người quản trị kèm số lượt in."
)
CHANGED = (
    "Tệp minh chứng “{path}” ở nơi lưu trữ không còn giống bản đã gửi (SHA-256 khác) nên không "
    "đóng gói được. Báo người quản trị kèm số lượt in."
)

Print = Callable[[dict[str, Any]], bytes]


def write_package(
    content: dict[str, Any],
    target: BinaryIO,
    *,
    at: datetime,
    foot: str,
    printed: dict[str, Print],
    workbook: Print,
    tell: Callable[[str], None],
) -> None:
    """Into `target`; `printed` makes the report by its ending, `workbook` the index as Excel."""
    with new_archive(target, at) as archive:
        reports = []
        for ending, print_report in printed.items():
            made = print_report(content)
            reports.append(archive.add(f"{content['report_name']}.{ending}", made))
        content = content | {"printed": reports}

        files = [line["file"] for line in content["evidence"] if line["file"]]
        for number, file in enumerate(files, start=1):
            _copy(archive, file, lambda number=number: tell(f"Chép tệp {number}/{len(files)}"))

        archive.add(f"{INDEX}.xlsx", workbook(content))
        archive.add(f"{INDEX}.html", index_html(content, foot).encode())


def index_html(content: dict[str, Any], foot: str) -> str:
    """The index as a page that opens from the unpacked folder, with a link to each file."""
    lines = [
        line | {"file": line["file"] and line["file"] | {"href": quote(line["file"]["path"])}}
        for line in content["evidence"]
    ]
    reports = [file | {"href": quote(file["path"])} for file in content["printed"]]
    context = {"content": content, "lines": lines, "reports": reports, "foot": foot}
    return render_to_string("reports/package/index.html", context)


def _copy(archive: Archive, file: dict[str, Any], told: Callable[[], None]) -> None:
    try:
        with default_storage.open(file["stored"], "rb") as opened:
            sha256 = archive.copy(file["path"], pieces_of(opened, told), file["size"])
    except FileNotFoundError as error:
        raise CannotRender(GONE.format(path=file["path"])) from error
    if sha256 != file["sha256"]:
        raise CannotRender(CHANGED.format(path=file["path"]))
