"""“Hồ sơ đóng gói” of one dossier: its report, the files behind it and an index of them, as sent.

Everything is of one submission: the files are those that its citations held to at that moment,
whatever has been uploaded, taken off or typed since.
"""

from typing import Any

from evaluations.models import Evaluation, StoredFile
from evaluations.snapshots import indicators_in
from reports.figures import NothingToSay
from reports.package.names import safe_file_name, safe_name, told_apart
from reports.self_assessment.content import as_submitted

CODE_LENGTH = 20
NOT_SENT = "Hồ sơ chưa gửi lần nào nên chưa có gì để đóng gói."


def package(evaluation: Evaluation) -> dict[str, Any]:
    """The last submission as a report, with a path in the package for each file it cites."""
    snapshot = evaluation.snapshots.submissions().first()
    if snapshot is None:
        raise NothingToSay(NOT_SENT)
    report = as_submitted(evaluation, snapshot)
    dossier = report["dossier"]
    return {
        "is_draft": False,
        "marks": report["marks"],
        "file_name": (
            f"Hồ sơ đóng gói – {dossier['unit']['name']} – {dossier['round']['year']}"
            f" – lần gửi {snapshot.number}"
        ),
        "title": dossier["title"],
        "submission": report["submission"],
        "report_name": safe_name(report["file_name"], 120),
        "report": report,
        "evidence": _evidence(dossier),
    }


def _evidence(dossier: dict[str, Any]) -> list[dict[str, Any]]:
    """A line for each file of each citation, in the order of the text; one without a file too."""
    lines = [
        {
            "indicator": indicator["code"],
            "short_name": indicator["short_name"],
            **{key: item[key] for key in ("code", "number", "issued_on", "issuer", "summary")},
            "cited": item["cited"],
            "file": file,
        }
        for indicator in indicators_in(dossier)
        for item in indicator["evidence"]
        for file in item["files"] or [None]
    ]
    with_file = [line for line in lines if line["file"]]
    stored = StoredFile.objects.in_bulk({line["file"]["id"] for line in with_file})
    paths = told_apart(_path(line) for line in with_file)
    for line, path in zip(with_file, paths, strict=True):
        file = line["file"]
        line["file"] = {
            "path": path,
            "name": file["name"],
            "size": file["size"],
            "sha256": file["sha256"],
            "stored": stored[file["id"]].file.name,
        }
    return lines


def _path(line: dict[str, Any]) -> str:
    """ "2.1.2/H2.1.2-01 Báo cáo …/bao-cao.pdf"."""
    indicator = safe_name(line["indicator"], CODE_LENGTH)
    evidence = safe_name(f"{line['code']} {line['summary']}")
    return f"{indicator}/{evidence}/{safe_file_name(line['file']['name'])}"
