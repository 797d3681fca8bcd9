"""Afterwards: whatever was answered as saved is looked for in the database and on the disk."""

import hashlib
from collections import defaultdict
from collections.abc import Iterator

from django.core.management import CommandError, call_command

from benchmarks.load.ledger import Ledger, lost
from evaluations.actions.results import values_of
from evaluations.models import IndicatorResult, StoredFile, UnitResult
from evaluations.unit_reading import shown_line
from evaluations.views.sheets import stored_values


def faults_of(ledger: Ledger) -> Iterator[str]:
    """A line for each write that is not there, each file that is not, and each fault inside."""
    stored = _stored(ledger)
    for place, writes in ledger.writes.items():
        fault = lost(writes, stored[place.table, place.pk][place.field])
        if fault:
            yield f"{place.table} {place.pk}, {place.field}: {fault}"
    for sent in ledger.files:
        files = StoredFile.objects.filter(sha256=sent.sha256).filter(
            document__evidence__result__evaluation=sent.evaluation,
            document__evidence__result__indicator__code=sent.code,
        )
        kept = files.first()
        if kept is None:
            yield f"{sent.code}: không có tệp {sent.sha256[:8]}"
            continue
        with kept.file.open() as content:
            if hashlib.file_digest(content, "sha256").hexdigest() != sent.sha256:
                yield f"{sent.code}: tệp {sent.sha256[:8]} khác bản đã gửi"
    try:
        call_command("verify_integrity", verbosity=0)
    except CommandError as error:
        yield str(error)


def _stored(ledger: Ledger) -> dict[tuple[str, int], dict[str, str]]:
    """What a page would show in each field of each row that somebody wrote in."""
    keys: dict[str, set[int]] = defaultdict(set)
    for place in ledger.writes:
        keys[place.table].add(place.pk)
    results = IndicatorResult.objects.select_related("indicator").filter(pk__in=keys["result"])
    lines = UnitResult.objects.for_writing().filter(pk__in=keys["line"])
    sheets = UnitResult.objects.for_writing().filter(pk__in=keys["sheet"])
    return {
        **{("result", each.pk): values_of(each) for each in results},
        **{("line", each.pk): shown_line(each) for each in lines},
        **{("sheet", each.pk): stored_values(each) for each in sheets},
    }
