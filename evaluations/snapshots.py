"""A dossier as plain data: what is stored when it is submitted and what reports print.

`dossier_content(evaluation)` gives a JSON-able dict; every figure in it is text as shown, next to
the exact numbers, so that a report printed in ten years says what the page said on that day.
"""

import hashlib
import json
from collections.abc import Iterable

from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

from criteria.levels import Determination
from evaluations.determination import Finding, Line, Mark, find
from evaluations.districts import listed_districts
from evaluations.models import Evaluation, Evidence, Snapshot, StoredFile, UnitResult
from evaluations.permissions import is_of_unit
from evaluations.registers import KIND_OF, listed
from evaluations.workflow import EDITABLE
from organisations.models import User

# What a unit states for an indicator, under the same names in a row and in a snapshot.
STATED = (
    "typed",
    "source",
    "not_applicable_reason",
    "explanation",
    "suitability",
    "obstacle",
    "proposal",
    "reply",
)


def dossier_content(
    evaluation: Evaluation, finding: Finding | None = None, districts: list[dict] | None = None
) -> dict:
    """Everything the dossier says now; the dossier as fetched by `with_results()`.

    `districts` are the names that the finding was counted from, where they were read before it.
    """
    finding = finding or find(evaluation)
    evidence = _evidence_by_result(evaluation)
    lists = _lists(finding, districts)
    unit, pilot_round = evaluation.unit, evaluation.pilot_round
    return {
        "dossier": evaluation.pk,
        "title": evaluation.title,
        "taken_at": timezone.localtime().isoformat(timespec="seconds"),
        "status": evaluation.status,
        "status_label": evaluation.get_status_display(),
        "unit": {
            "code": unit.code,
            "name": unit.name,
            "name_in_sentence": unit.name_in_sentence,
            "bare_name": unit.bare_name,
            "noun": unit.noun,
            "issuer_name": unit.issuer_name,
            "superior_name": unit.superior_name,
            "document_code": unit.document_code,
            "place": unit.place,
            "signing_authority": unit.signing_authority,
            "signer_position": unit.signer_position,
            "signer_name": unit.signer_name,
            "drafting_unit": unit.drafting_unit,
            "standing_recipients": unit.standing_recipients,
        },
        "round": {
            "name": pilot_round.name,
            "year": pilot_round.year,
            "is_practice": pilot_round.is_practice,
        },
        "set": {
            "code": evaluation.criteria_set.code,
            "title": evaluation.criteria_set.title,
            "legal_basis": evaluation.criteria_set.legal_basis,
            "source_hash": evaluation.criteria_set.source_hash,
        },
        "rule": _rule(finding),
        "self_assessed": _determination(finding.self_assessed),
        "appraised": _determination(finding.appraised) if finding.is_fully_decided else None,
        "standards": [
            {
                "code": standard.code,
                "text": standard.text,
                "criteria": [
                    {
                        "code": criterion.code,
                        "text": criterion.text,
                        "indicators": [
                            _indicator(line, evidence, lists)
                            for line in finding.lines
                            if line.indicator.criterion_id == criterion.pk
                        ],
                    }
                    for criterion in standard.criteria.all()
                ],
            }
            for standard in evaluation.criteria_set.headings
        ],
    }


def content_hash(content: dict) -> str:
    """SHA-256 of the content in one canonical spelling."""
    spelled = json.dumps(
        content, cls=DjangoJSONEncoder, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    return hashlib.sha256(spelled.encode()).hexdigest()


def as_seen_by(user: User, evaluations: Iterable[Evaluation]) -> list[Evaluation]:
    """The dossiers, fetched `with_results()`, as this person may read them.

    One that is back with its unit shows everybody else what it said when it was last submitted,
    not what is being typed. One query more, and only where there is such a dossier.
    """
    evaluations = list(evaluations)
    as_last_submitted(
        each for each in evaluations if each.status in EDITABLE and not is_of_unit(user, each)
    )
    return evaluations


def as_last_submitted(evaluations: Iterable[Evaluation]) -> list[Evaluation]:
    """Those that were ever submitted, in memory put back to what they said then."""
    evaluations = list(evaluations)
    if not evaluations:
        return []
    snapshots = Snapshot.objects.filter(evaluation__in=evaluations).newest()
    last = {snapshot.evaluation_id: snapshot.content for snapshot in snapshots}
    submitted = [evaluation for evaluation in evaluations if evaluation.pk in last]
    for evaluation in submitted:
        _put_back(evaluation, last[evaluation.pk])
    return submitted


def _put_back(evaluation: Evaluation, content: dict) -> None:
    """In memory only: the results say what the content says."""
    stated = {indicator["code"]: indicator for indicator in indicators_in(content)}
    codes = {item.pk: item.code for item in evaluation.criteria_set.indicators.all()}
    evaluation.shows_last_submission = True
    for result in evaluation.results.all():
        said = stated[codes[result.indicator_id]]
        for name in STATED:
            setattr(result, name, said[name])
        result.evidence_count = len(said["evidence"])


def indicators_in(content: dict) -> list[dict]:
    """The indicators of a content dict, in the order of the text."""
    return [
        indicator
        for standard in content["standards"]
        for criterion in standard["criteria"]
        for indicator in criterion["indicators"]
    ]


def units_submitted(content: dict) -> dict[str, list[dict]]:
    """The lists behind derived shares by code; none of those submitted before there were lists."""
    listed_units = {each["code"]: each.get("units") for each in indicators_in(content)}
    return {code: units for code, units in listed_units.items() if units is not None}


def _indicator(line: Line, evidence: dict[int, list[dict]], lists: dict[str, list[dict]]) -> dict:
    indicator, result = line.indicator, line.result
    return {
        "code": indicator.code,
        "text": indicator.text,
        "short_name": indicator.short_name,
        "guidance": indicator.guidance,
        "role": indicator.role,
        "measure": indicator.measure_data,
        "is_graded": indicator.is_graded,
        "typed": result.typed,
        "source": result.source,
        "figure": line.self_assessed.figure,
        "achieved": line.self_assessed.achieved,
        "total": line.self_assessed.total,
        "shown": line.self_assessed.shown,
        "share": str(line.self_assessed.share) if line.self_assessed.share is not None else None,
        "change": str(line.self_assessed.change) if line.self_assessed.change is not None else None,
        "met": line.self_assessed.met,
        "level": line.self_level,
        "mark": _mark(line.mark),
        "not_applicable_reason": result.not_applicable_reason,
        "explanation": result.explanation,
        "suitability": result.suitability,
        "suitability_label": result.get_suitability_display() if result.suitability else "",
        "obstacle": result.obstacle,
        "proposal": result.proposal,
        "reply": result.reply,
        "evidence": evidence.get(result.pk, []),
        # The list itself that a derived share was counted from; None where figures are typed.
        "units": lists.get(indicator.code),
        "appraised": _appraised(line),
    }


def _appraised(line: Line) -> dict | None:
    """The Sở's column of one indicator; its private note never leaves the appraisal page."""
    appraisal = line.appraisal
    if appraisal is None:
        return None
    return {
        "verdict": appraisal.verdict,
        "verdict_label": appraisal.get_verdict_display(),
        "typed": appraisal.typed,
        "figure": line.appraised.figure,
        "shown": line.appraised.shown,
        "share": str(line.appraised.share) if line.appraised.share is not None else None,
        "change": str(line.appraised.change) if line.appraised.change is not None else None,
        "met": line.appraised.met,
        "level": line.appraised_level,
        "mark": _mark(line.appraised_verdict),
        "reason": appraisal.reason,
    }


def _rule(finding: Finding) -> dict:
    """The rule that judged this content: a later reading or text does not rewrite the past."""
    readings = finding.readings
    return {
        "thresholds": [
            {"level": item.level, "percent": item.percent, "inclusive": item.inclusive}
            for item in finding.rule.thresholds_read(readings)
        ],
        "exact_80_level": readings.exact_80_level,
        "fall": readings.fall,
    }


def _determination(determination: Determination) -> dict:
    return {
        "level": determination.level,
        "conclusion": determination.conclusion,
        "is_recognised": determination.is_recognised,
        "is_complete": determination.is_complete,
        "unmet": list(determination.unmet),
        "not_assessed": list(determination.not_assessed),
        "excluded": list(determination.excluded),
        "weakest": list(determination.weakest),
        "sentence": determination.sentence,
        "distance": determination.distance,
    }


def _mark(mark: Mark) -> dict:
    return {"sign": mark.sign, "word": mark.word}


def _lists(finding: Finding, districts: list[dict] | None) -> dict[str, list[dict]]:
    """By code the list that each derived share is counted from: as it is now, or as submitted."""
    derived = [line for line in finding.lines if line.has_list]
    lists: dict[str, list[dict]] = {}
    live = [line for line in derived if line.counts_live]
    if any(line.register for line in live):
        registers = _registers(finding.evaluation)
        lists = {line.code: registers[line.register] for line in live if line.register}
    for line in live:
        if line.counts_districts:
            unread = districts is None
            lists[line.code] = listed_districts(finding.evaluation) if unread else districts
    if any(not line.counts_live for line in derived):
        last = finding.evaluation.snapshots.newest().first()
        kept = units_submitted(last.content) if last else {}
        lists |= {
            line.code: kept[line.code]
            for line in derived
            if not line.counts_live and line.code in kept
        }
    return lists


def _registers(evaluation: Evaluation) -> dict[str, list[dict]]:
    """The registers of the dossier's unit as they are now, by the word of a measure."""
    lines = UnitResult.objects.of_dossier(evaluation).for_display()
    return {
        word: listed(line for line in lines if line.kind == kind) for word, kind in KIND_OF.items()
    }


def _evidence_by_result(evaluation: Evaluation) -> dict[int, list[dict]]:
    rows = (
        Evidence.objects.filter(result__evaluation=evaluation)
        .select_related("document")
        .order_by("code")
    )
    # A citation holds to the revision it was made with: see evaluations/models/evidence.py.
    files: dict[tuple[int, int], list[dict]] = {}
    for stored in StoredFile.objects.filter(
        document__evidence__result__evaluation=evaluation
    ).distinct():
        files.setdefault((stored.document_id, stored.revision), []).append(
            {
                "id": stored.pk,
                "name": stored.original_name,
                "size": stored.size,
                "sha256": stored.sha256,
                "revision": stored.revision,
            }
        )
    by_result: dict[int, list[dict]] = {}
    for row in rows:
        document = row.document
        by_result.setdefault(row.result_id, []).append(
            {
                "code": row.code,
                "number": document.number,
                "issued_on": document.issued_on.isoformat() if document.issued_on else None,
                "issuer": document.issuer,
                "summary": document.summary,
                "cited": row.cited,
                "files": files.get((document.pk, row.revision), []),
            }
        )
    return by_result
