"""Checks that the fields of the models name; migrations import them, so the paths must stay."""

import re

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator

MOST_RECIPIENTS, LONGEST_RECIPIENT = 10, 100  # lines, characters of one
WRITTEN_BY_THE_REPORT = re.compile(r"(lưu(\s*:|\s+vt\b)|như\s+(trên|điều)\b)", re.IGNORECASE)

username_is_plain = RegexValidator(
    r"^[a-z0-9][a-z0-9._-]{2,59}\Z",
    "Tên đăng nhập gồm từ 3 đến 60 chữ cái thường không dấu, chữ số và các dấu . _ -, "
    "bắt đầu bằng chữ hoặc số.",
)

phone_is_digits = RegexValidator(
    r"^\+?[0-9][0-9 .-]{7,18}\Z", "Số điện thoại gồm từ 8 chữ số, ví dụ 0225 3842 123."
)

drafting_unit_is_one = RegexValidator(
    r"^(vt|lưu)\b",
    "Chỉ ghi tên viết tắt của đơn vị soạn thảo, ví dụ GDTX; “Lưu: VT” đã có sẵn.",
    inverse_match=True,
    flags=re.IGNORECASE,
)


def recipients_fit(text: str) -> None:
    """Refuse more than one block over the signature holds, and lines that a report writes itself.

    `text` has a recipient a line.
    """
    lines = text.splitlines()
    faults = [
        f"Dòng “{line[:20]}…” dài {len(line)} ký tự; ghi không quá {LONGEST_RECIPIENT} ký tự."
        for line in lines
        if len(line) > LONGEST_RECIPIENT
    ]
    faults += [
        f"Bỏ dòng “{line}”: báo cáo tự ghi dòng này."
        for line in lines
        if WRITTEN_BY_THE_REPORT.match(line)
    ]
    if len(lines) > MOST_RECIPIENTS:
        faults.append(f"Có {len(lines)} dòng; ghi không quá {MOST_RECIPIENTS} nơi nhận.")
    if faults:
        raise ValidationError(faults)
