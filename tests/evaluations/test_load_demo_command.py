"""`manage.py load_demo` itself: what it says, what it refuses, and the papers it makes."""

from io import BytesIO, StringIO

import pytest
from django.core.management import CommandError, call_command
from pypdf import PdfReader

from evaluations.demo.papers import practice_pdf
from evaluations.management.commands import load_demo
from organisations.models import User


@pytest.fixture
def on_sqlite(monkeypatch):
    """The suite runs on PostgreSQL as well, where the command refuses."""
    monkeypatch.setattr(load_demo, "is_sqlite", lambda: True)


def test_load_demo_before_the_reference_says_what_to_run(db, on_sqlite):
    with pytest.raises(CommandError, match="load_reference"):
        call_command("load_demo", stdout=StringIO())


def test_load_demo_refuses_any_database_but_sqlite(db, monkeypatch):
    monkeypatch.setattr(load_demo, "is_sqlite", lambda: False)

    with pytest.raises(CommandError, match="SQLite"):
        call_command("load_demo", stdout=StringIO())

    assert not User.objects.exists()


@pytest.mark.parametrize(("vendor", "answer"), [("sqlite", True), ("postgresql", False)])
def test_sqlite_is_known_by_the_connection(monkeypatch, vendor, answer):
    monkeypatch.setattr(load_demo.connection, "vendor", vendor)

    assert load_demo.is_sqlite() is answer


def test_practice_paper_is_a_pdf_whose_vietnamese_can_be_read():
    lines = ["VĂN BẢN TẬP HUẤN", "Đơn vị: Huyện Thủy Nguyên", "ếộỗẫữ ₫ “tự đặt”"]

    page = PdfReader(BytesIO(practice_pdf(lines))).pages[0]

    assert page.extract_text().splitlines() == lines
