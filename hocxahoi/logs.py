"""What the log says of answers that are no faults."""

from logging import LogRecord


def refusals_in_one_line(record: LogRecord) -> bool:
    """A page that is refused or not there is an answer; a fault (5xx) keeps its traceback."""
    if 400 <= getattr(record, "status_code", 0) < 500:
        record.exc_info = None
    return True
