"""The same letters in other bytes: decomposed marks, spaces of every kind, lines in a cell."""

from unicodedata import normalize

import pytest

from evaluations.workbook.differences import differences
from tests.evaluations.workbook.desk import AGENCIES, COMMUNES, add, put

pytestmark = pytest.mark.django_db


def decompose(book):
    """As a Mac or some tablets write: every mark a character of its own, titles and tabs too."""
    for sheet in book.worksheets:
        sheet.title = normalize("NFD", sheet.title)
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str):
                    cell.value = normalize("NFD", cell.value)


def test_decomposed_file_says_the_same(desk):
    checked = desk.checked(decompose)

    assert checked.errors == ()
    assert [each.changed for each in differences(checked.entries, desk.register)] == [(), (), ()]


def test_new_name_is_stored_in_one_form(desk):
    (entry,) = (
        each
        for each in desk.checked(add(AGENCIES, Tên="Trường Mầm non"), decompose).entries
        if each.unit is None
    )

    assert entry.name == normalize("NFC", "Trường Mầm non")


@pytest.mark.parametrize(
    ("title", "value"),
    [
        ("Số quyết định", "  3190/QĐ-UBND\u00a0"),
        ("Số quyết định", "3190/QĐ-UBND\n"),
        ("Số quyết định", "\t3190/QĐ-UBND"),
    ],
)
def test_spaces_around_are_nothing(desk, title, value):
    checked = desk.checked(put(COMMUNES, "11860", title, value))

    typed = {each.unit.code: each.typed for each in checked.entries if each.layout.rule}
    assert typed["11860"]["decision_number"] == "3190/QĐ-UBND"
