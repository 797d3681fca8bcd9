"""Days in the prose and the tables of papers, as the decree writes them."""

import pytest

from reports.days import day, day_in_words


@pytest.mark.parametrize(
    ("iso", "short", "long"),
    [
        ("2022-01-04", "04/01/2022", "ngày 04 tháng 01 năm 2022"),
        ("2022-02-28", "28/02/2022", "ngày 28 tháng 02 năm 2022"),
        ("2022-03-09", "09/3/2022", "ngày 09 tháng 3 năm 2022"),
        ("2022-12-31", "31/12/2022", "ngày 31 tháng 12 năm 2022"),
    ],
)
def test_only_days_to_9_and_the_months_1_and_2_have_a_nought(iso, short, long):
    assert (day(iso), day_in_words(iso)) == (short, long)
