"""docs/du-lieu-ca-nhan.md names every field that may hold something about a person.

Asked of the models: words that people write, files, addresses, JSON, and whoever a row names. A
new field of these kinds is either in the table of the document or, by name, among those below.
"""

import re
from pathlib import Path

from django.apps import apps
from django.db import models

from organisations.models import User

DOCS = Path(__file__).resolve().parent.parent / "docs"
TEXT = (DOCS / "du-lieu-ca-nhan.md").read_text()
ROW = re.compile(r"^\| `(\w+\.\w+)`: ((?:`\w+`(?:, )?)+) \|(.+)\|$", re.MULTILINE)
# The period of each table, by its number; what each number means, and who sees to it.
PERIODS = {label: row.split("|")[-1].strip() for label, _, row in ROW.findall(TEXT)}
TERMS_TOLD = dict(re.findall(r"^\| (\d) \| (.+)$", TEXT, re.MULTILINE))
KINDS = (
    *(models.CharField, models.TextField, models.FileField, models.JSONField),
    *(models.GenericIPAddressField, models.BinaryField),
)
# Codes, numbers, hashes, figures, titles of things, what the law says: about nobody.
ABOUT_NOBODY = {
    "admin.LogEntry": "object_id",
    "auth.Group": "name",
    "auth.Permission": "name codename",
    "contenttypes.ContentType": "app_label model",
    "criteria.CriteriaSet": "code title legal_basis appendix rule_text source_hash",
    "criteria.Criterion": "code text",
    "criteria.Indicator": "code text as_published short_name guidance lead partners measure_data",
    "criteria.PointItem": "code text",
    "criteria.PointSet": "code title legal_basis note document",
    "criteria.Rating": "code label",
    "criteria.Standard": "code text",
    "evaluations.AdoptedReading": "document",
    "evaluations.CouncilSession": "place",
    "evaluations.Decision": "number issuer content_type sha256",
    "evaluations.Document": "number issuer",
    "evaluations.Event": "kind",
    "evaluations.Evidence": "code cited",
    "evaluations.IndicatorAppraisal": "typed",
    "evaluations.IndicatorResult": "typed",
    "evaluations.Inspection": "seed frame place",
    "evaluations.InspectionFigure": "declared found",
    "evaluations.InspectionLine": "code name declared_label",
    "evaluations.InspectionScan": "content_type sha256",
    "evaluations.Milestone": "label shown_date",
    "evaluations.PilotRound": "name",
    "evaluations.Reminder": "stage",
    "evaluations.RemovedEvidence": "code cited",
    "evaluations.ResultUpload": "sha256 seen_state",
    "evaluations.RoundEvent": "kind",
    "evaluations.SessionEvent": "kind",
    "evaluations.SheetEvidence": "item_code cited",
    "evaluations.SheetItem": "code points",
    "evaluations.Snapshot": "sha256",
    "evaluations.StoredFile": "content_type sha256",
    "evaluations.TitleCount": "unread",
    "evaluations.UnitEvent": "kind",
    "evaluations.UnitResult": "decision_number unread",
    # The names of offices and places; who signs for them is in the table.
    "organisations.Organisation": "code name short_name type search superior_name issuer_name "
    "document_code place signing_authority drafting_unit standing_recipients",
    "organisations.Tally": "key",
    "reports.ReportRun": "report title content_sha256 worker progress_word error sha256",
    "reports.ReportText": "report section",
    "upkeep.UpkeepRun": "summary faults archive",
}


def documented():
    found = {}
    for label, names, _ in ROW.findall(TEXT):
        found.setdefault(label, set()).update(re.findall(r"`(\w+)`", names))
    return found


def may_be_personal(field):
    if field.is_relation:
        return field.related_model is User
    return isinstance(field, KINDS) and not field.choices


def test_every_field_that_may_be_about_a_person_is_in_the_document_or_said_not_to_be():
    told = documented()

    for model in apps.get_models():
        label = model._meta.label
        asked = {field.name for field in model._meta.concrete_fields if may_be_personal(field)}
        others = set(ABOUT_NOBODY.get(label, "").split())
        assert told.get(label, set()) & others == set(), label
        assert asked == told.get(label, set()) | others, label


def test_the_document_names_no_table_that_is_gone():
    labels = {model._meta.label for model in apps.get_models()}

    assert set(documented()) | set(ABOUT_NOBODY) <= labels


def test_every_row_names_a_period_that_is_explained():
    assert set(PERIODS.values()) - {"trống"} == set(TERMS_TOLD)


def test_links_of_the_documents_lead_somewhere():
    for path in DOCS.glob("*.md"):
        for target in re.findall(r"\]\(([^)#]+)", path.read_text()):
            assert (DOCS / target).exists(), f"{path.name}: {target}"
