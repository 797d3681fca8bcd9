"""A log that is read: refusals in one line, faults in full."""

import logging

import pytest


@pytest.mark.parametrize(
    ("told", "keeps_traceback"),
    [
        ({"status_code": 403}, False),
        ({"status_code": 404}, False),
        ({"status_code": 500}, True),
        ({}, True),  # of no request at all
    ],
)
def test_only_faults_are_logged_with_a_traceback(told, keeps_traceback):
    (console,) = (each for each in logging.getLogger().handlers if each.get_name() == "console")
    fault = ValueError("hỏng")
    record = logging.makeLogRecord({**told, "exc_info": (ValueError, fault, None)})

    assert console.filter(record)
    assert ("ValueError" in console.format(record)) is keeps_traceback
