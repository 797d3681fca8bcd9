"""The trail speaks Vietnamese of whatever its events hold; it tells of draws and the council."""

import re
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook
from pytest_django.asserts import assertContains, assertNotContains

from evaluations.actions.appraisal import appraise
from evaluations.models import Event
from evaluations.models.dossiers import (
    EXTENSION,
    FIGURES,
    FIRST_WRITING,
    OVERRULED,
    SENT_VERDICTS,
)
from evaluations.trail import Trail, Wanted
from evaluations.trail.kinds import FIGURE, READING, STEP
from evaluations.trail.lines import Line
from evaluations.workflow import (
    INSPECTION_DRAWN,
    INSPECTION_EVENTS,
    INSPECTION_FED,
    PART_EVENTS,
    STEPS,
)
from organisations.models import Role
from tests.evaluations.inspected import closed, drawn, make_inspectable, one_worse
from tests.evaluations.test_inspections import feed_in, proposed
from tests.factories import (
    make_city,
    make_complete_dossier,
    make_confirmed_dossier,
    make_session,
    make_user,
    result_of,
)

pytestmark = pytest.mark.django_db

KINDS = [
    *STEPS,
    EXTENSION,
    FIGURES,
    FIRST_WRITING,
    OVERRULED,
    *SENT_VERDICTS,
    *INSPECTION_EVENTS,
    *PART_EVENTS,
    "evidence-added",
    "evidence-changed",
    "evidence-removed",
    "document-file",
    "document-changed",
    "of-a-later-version",
]
# Whatever an event may hold, in the shapes that any action writes.
KEYS = {
    "typed": {"achieved": "21", "total": "30", "percent": ""},
    "verdict": "accept",
    "achieved": "21",
    "met": "yes",
    "not_applicable": "yes",
    "suitability": "partly",
    "issued_on": "2022-12-01",
    "of_a_later_version": {"inner": ["1", {"deep": True}]},
    "listed": [{"inner": "x"}],
    "ticked": True,
}
SHAPES = (
    {"old": {}, "new": KEYS},
    {"old": KEYS, "new": {"verdict": "adjust", "typed": {}, "figure": "20/30"}},
    {"changes": {key: {"old": None, "new": value} for key, value in KEYS.items()}},
    {"replaced": {key: {"old": value, "new": ""} for key, value in KEYS.items()}},
    {"old": ["1"], "new": ["2"]},
)
CODE_WORDS = re.compile(
    r"[{}\[\]']|\b(?:accept|adjust|ask|yes|no|partly|None|True|False|verdict|typed|figure|inner|deep"
    r"|achieved|total|percent|met|suitability|issued_on|of_a_later_version|listed|ticked)\b"
)


def words_of(line: Line) -> str:
    said = [word for each in line.changes for word in (each.label, each.old, each.new)]
    return " | ".join([line.text, line.word, *said, *line.asides])


def changes(line):
    return [(change.label, change.old, change.new) for change in line.changes]


def test_no_event_of_any_kind_is_told_in_the_words_of_the_code(district, editor, appraiser):
    dossier = make_complete_dossier(district, by=editor)
    for kind in KINDS:
        for code in ("2.1.2", "1.1.1", ""):
            for shape in SHAPES:
                detail = {"indicator": code, "until": "2022-12-20", **shape}
                Event.objects.create(
                    evaluation=dossier, kind=kind, text="việc", by=editor, detail=detail
                )

    told = [words_of(line) for line in Trail(editor, dossier).every_line()]
    told += [words_of(line) for line in Trail(appraiser, dossier).every_line()]

    assert [words for words in told if CODE_WORDS.search(words)] == []
    assert len(told) > len(KINDS) * 3


@pytest.mark.parametrize(
    ("verdict", "said"),
    [("accept", "chấp nhận"), ("ask", "yêu cầu bổ sung"), (None, "chưa có")],
)
def test_what_an_inspection_put_into_the_column_is_told_as_old_and_new(
    client, district, appraiser, verdict, said
):
    dossier = make_inspectable(district)
    looks = one_worse(drawn(dossier, by=appraiser))
    inspection = closed(dossier, by=appraiser, looks=looks)
    if verdict:
        reason = "Thiếu" if verdict == "ask" else ""
        appraise(result=result_of(dossier, "2.1.2"), verdict=verdict, reason=reason, by=appraiser)
    feed_in(inspection, proposed(dossier), appraiser)

    line = Trail(appraiser, dossier, Wanted(indicator="2.1.2")).every_line()[0]

    assert line.kind == INSPECTION_FED
    assert changes(line) == [("Kết luận", said, "điều chỉnh"), ("Số liệu", "5/6", "4/6")]
    client.force_login(appraiser)
    page = client.get(reverse("evaluations:history", args=[dossier.pk]))
    assertContains(page, f"<del>{said}</del>", html=True)


def test_the_councils_conclusion_stands_in_the_trail_for_who_may_read_the_session(
    client, leader, approver, observer, council_member, district
):
    dossier = make_confirmed_dossier(district)
    members = [make_user(Role.COUNCIL, make_city()) for _ in range(5)]
    still_open = make_session(dossier)
    session = make_session(dossier, members=members, concluded=1, by=approver)
    session.items.update(conclusion="Cần giữ vững 2.1.2.")
    text = "Hội đồng họp ngày 20/12/2022: kết luận mức độ 1; 5 phiếu đồng ý với kết luận, 0 không"

    for reader in (approver, observer, council_member):
        trail = Trail(reader, dossier)
        told = [line for line in trail.every_line() if line.kind == "session"]
        assert [(line.text, line.note, line.by) for line in told] == [
            (text, "Cần giữ vững 2.1.2.", approver)
        ]
        assert trail.count() == len(trail.every_line())
    assert approver in Trail(observer, dossier).people
    assert [line.text for line in Trail(leader, dossier).every_line() if text in line.text] == []
    for wanted, is_told in (
        (Wanted(group=STEP), True),
        (Wanted(person=approver.pk), True),
        (Wanted(person=leader.pk), False),
        (Wanted(group=READING), False),
        (Wanted(group=FIGURE), False),
        (Wanted(indicator="2.1.2"), False),
    ):
        found = [line.text for line in Trail(approver, dossier, wanted).every_line()]
        assert (text in found) is is_told
    client.force_login(observer)
    assertContains(client.get(reverse("evaluations:history", args=[dossier.pk])), text)
    fetched = client.get(reverse("reports:trail-file", args=[dossier.pk]))
    cells = load_workbook(BytesIO(fetched.content)).active.iter_rows(values_only=True)
    assert text in {value for row in cells for value in row}
    assert not still_open.is_closed


def test_a_refusal_of_the_council_is_not_called_a_level(approver, district):
    dossier = make_confirmed_dossier(district)
    make_session(dossier, concluded=0, by=approver)

    texts = [line.text for line in Trail(approver, dossier).every_line()]

    assert texts[0].endswith("kết luận không công nhận; 0 phiếu đồng ý với kết luận, 0 không")


def test_the_draw_is_told_with_its_seed_once_its_inspection_is_closed(
    client, district, editor, leader, appraiser, observer, council_member
):
    dossier = make_inspectable(district)
    closed(dossier, by=appraiser, seed="11112222")
    drawn(dossier, by=appraiser, seed="33334444")
    told = {}
    for reader in (editor, leader, observer, council_member, appraiser):
        lines = Trail(reader, dossier).every_line()
        told[reader.role] = [line.text for line in lines if line.kind == INSPECTION_DRAWN]

    now_known = "rút thăm kiểm tra thực tế 3 đơn vị, số rút thăm 11112222"
    still_unknown = now_known.replace("11112222", "33334444")
    assert told.pop(Role.APPRAISER) == [still_unknown, now_known]
    assert told == {
        role: [now_known] for role in (Role.EDITOR, Role.LEADER, Role.OBSERVER, Role.COUNCIL)
    }
    client.force_login(editor)
    page = client.get(reverse("evaluations:history", args=[dossier.pk]))
    assertContains(page, "số rút thăm 11112222")
    assertNotContains(page, "33334444")


def test_lines_written_before_the_figures_stood_in_them_are_told_too(district, appraiser):
    dossier = make_inspectable(district)
    typed = {"achieved": "4", "total": "6", "percent": ""}
    Event.objects.create(
        evaluation=dossier,
        kind=INSPECTION_FED,
        text="đưa kết quả vào cột thẩm định 2.1.2",
        by=appraiser,
        detail={
            "indicator": "2.1.2",
            "old": {"verdict": "accept", "typed": {}},
            "new": {"verdict": "adjust", "typed": typed},
        },
    )

    line = Trail(appraiser, dossier, Wanted(indicator="2.1.2")).every_line()[0]

    assert changes(line) == [
        ("Kết luận", "chấp nhận", "điều chỉnh"),
        ("Số liệu", "như đơn vị khai", "4/6"),
    ]
