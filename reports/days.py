"""Days as papers write them: a nought before days to 9 and before January and February.

Months from 3 on have none (Nghị định 30/2020/NĐ-CP, Phụ lục I, ô 4). Days come as ISO text, as
frozen content keeps them.
"""

from datetime import date


def day(iso: str) -> str:
    """ "04/01/2022", "06/8/2020" """
    return short(date.fromisoformat(iso))


def short(value: date) -> str:
    return f"{value.day:02d}/{_month(value)}/{value.year}"


def day_in_words(iso: str) -> str:
    """ "ngày 20 tháng 12 năm 2022" """
    return in_words(date.fromisoformat(iso))


def in_words(value: date) -> str:
    return f"ngày {value.day:02d} tháng {_month(value)} năm {value.year}"


def _month(value: date) -> str:
    return f"{value.month:02d}" if value.month < 3 else str(value.month)
