from datetime import date
from fractions import Fraction

import pytest

from reports.tables import Cell, count, day, measured, text


@pytest.mark.parametrize(
    ("cell", "pattern"),
    [
        (count(1234), "#,##0"),
        (day("2022-11-25"), "dd/mm/yyyy"),
        (measured("20/26", "76,9\u00a0%"), '0.0" "%'),
        (measured("3998/4998", "79,99\u00a0%"), '0.00" "%'),  # not "80,0 %"
        (measured("1", "100\u00a0%"), '0.0" "%'),
        (measured("-39/25", "\u22121,56"), "+#,##0.00;\u2212#,##0.00;#,##0.00"),
        (measured("-2", "\u22122"), "+#,##0;\u2212#,##0;#,##0"),
    ],
)
def test_number_in_a_workbook_has_the_decimals_that_are_printed(cell, pattern):
    assert cell.number_format == pattern


def test_cell_that_holds_nothing_is_empty_and_never_nought():
    assert [text(""), text(None), count(None), day(None), measured(None, "")] == [
        Cell("", None)
    ] * 5


def test_cell_keeps_the_exact_value_beside_its_words():
    assert measured("20/26", "76,9\u00a0%") == Cell("76,9\u00a0%", Fraction(10, 13))
    assert day("2022-11-25") == Cell("25/11/2022", date(2022, 11, 25))
