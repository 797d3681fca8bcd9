"""The list of dossiers over several rounds."""

import re
from datetime import UTC, datetime

from pytest_django.asserts import assertContains

from tests.factories import make_dossier, make_round


def test_open_rounds_come_first_then_newest_and_practice_stands_apart(client, editor):
    closed = {"closed_at": datetime(2026, 1, 5, tzinfo=UTC)}
    older_closed = {"closed_at": datetime(2025, 1, 5, tzinfo=UTC)}
    rounds = [
        make_round(name="Tập huấn 2027", year=2027, is_practice=True),
        make_round(name="Công nhận 2024", year=2024, **older_closed),
        make_round(name="Thí điểm 2022", year=2022),
        make_round(name="Công nhận 2025", year=2025, **closed),
        make_round(name="Công nhận 2026", year=2026),
        make_round(name="Tập huấn 2026", year=2026, is_practice=True),
    ]
    for pilot_round in rounds:
        make_dossier(editor.organisation, pilot_round=pilot_round)
    client.force_login(editor)

    page = client.get("/ho-so/")

    text = page.content.decode()
    found = re.findall(r'data-label="Đợt">([^<]*\d)|<h2[^>]*>(Đợt tập huấn)', text)
    assert [name or heading for name, heading in found] == [
        "Công nhận 2026",
        "Thí điểm 2022",
        "Công nhận 2025",
        "Công nhận 2024",
        "Đợt tập huấn",
        "Tập huấn 2027",
        "Tập huấn 2026",
    ]
    assertContains(page, "(đã đóng)", count=2)
