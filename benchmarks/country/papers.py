"""What lies behind a dossier: papers with their files, citations, snapshots, printed reports."""

import json
from datetime import date, datetime
from hashlib import sha256

from benchmarks.country.copying import Tables
from benchmarks.country.pattern import FILES, Pattern
from criteria.models import Indicator
from evaluations.models import (
    Document,
    DossierAccess,
    Evidence,
    EvidenceAccess,
    Snapshot,
    StoredFile,
)
from organisations.text import search_key
from reports.models import ReportDownload, ReportRun

PER_INDICATOR = 2
OPENED_EVERY = 3  # of the files: by somebody who appraises
REPORTS = ("bao-cao-tu-danh-gia", "phieu-tiep-nhan", "danh-muc-minh-chung", "phieu-tham-dinh")


def write_papers(
    tables: Tables,
    results: list[tuple[Indicator, int]],
    unit: int,
    by: int,
    reader: int,
    at: datetime,
) -> list[int]:
    """Papers of a unit, cited under each indicator by turns; gives the keys of their files."""
    files = []
    for indicator, result in results:
        for place in range(1, PER_INDICATOR + 1):
            number = f"{len(files) + 1}/KH-UBND"
            summary = f"Kế hoạch thực hiện chỉ báo {indicator.code} năm {at.year}"
            document = tables.add(
                Document,
                unit_id=unit,
                number=number,
                issued_on=date(at.year, 1 + place, 1 + len(files) % 28),
                issuer="UBND huyện",
                summary=summary,
                search=search_key(f"{number} UBND huyện {summary}")[:900],
                created_by_id=by,
                created_at=at,
            )
            file = tables.add(
                StoredFile,
                document_id=document,
                file=f"minh-chung/{at:%Y/%m}/{document:032x}",
                original_name=f"ke-hoach-{place}.pdf",
                content_type="application/pdf",
                size=200_000,
                sha256=sha256(str(document).encode()).hexdigest(),
                uploaded_by_id=by,
                uploaded_at=at,
            )
            tables.add(
                Evidence,
                result_id=result,
                document_id=document,
                code=f"H{indicator.code}-{place:02d}",
                cited="trang 2",
                added_by_id=by,
                added_at=at,
            )
            if len(files) % OPENED_EVERY == 0:
                tables.add(EvidenceAccess, stored_file_id=file, kind="preview", by_id=reader, at=at)
            files.append(file)
    return files


def write_snapshot(
    tables: Tables,
    pattern: Pattern,
    evaluation: int,
    number: int,
    files: list[int],
    by: int,
    at: datetime,
) -> int:
    """The practice round's words around the files of this dossier, each in one of its places."""
    first, *rest = pattern.snapshot.split(FILES)
    content = first
    for place, piece in enumerate(rest):
        told = [{"id": file, "name": "ke-hoach.pdf"} for file in files[place :: len(rest)]]
        content += f'"files": {json.dumps(told)}{piece}'
    return tables.add(
        Snapshot,
        evaluation_id=evaluation,
        number=number,
        content=content,
        sha256=sha256(content.encode()).hexdigest(),
        taken_by_id=by,
        taken_at=at,
    )


def write_runs(
    tables: Tables, pattern: Pattern, evaluation: int, by: int, reader: int, at: datetime
) -> None:
    for report in REPORTS:
        run = tables.add(
            ReportRun,
            report=report,
            title=report,
            file_type="pdf",
            evaluation_id=evaluation,
            content=pattern.run,
            content_sha256=sha256(f"{report} {evaluation}".encode()).hexdigest(),
            file_name=report,
            requested_by_id=by if report != REPORTS[-1] else reader,
            requested_at=at,
            status=ReportRun.Status.READY,
            started_at=at,
            finished_at=at,
            attempts=1,
            file=f"bao-cao/{report}-{evaluation}.pdf",
            size=90_000,
            sha256=sha256(f"{evaluation} {report}".encode()).hexdigest(),
        )
        tables.add(ReportDownload, run_id=run, by_id=by, at=at)
        tables.add(
            DossierAccess, evaluation_id=evaluation, kind="report", what=report, by_id=by, at=at
        )
