"""Checks that the fields of the models name; migrations import them, so the paths must stay."""

from django.core.validators import RegexValidator

username_is_plain = RegexValidator(
    r"^[a-z0-9][a-z0-9._-]{2,59}\Z",
    "Tên đăng nhập gồm từ 3 đến 60 chữ cái thường không dấu, chữ số và các dấu . _ -, "
    "bắt đầu bằng chữ hoặc số.",
)

phone_is_digits = RegexValidator(
    r"^\+?[0-9][0-9 .-]{7,18}\Z", "Số điện thoại gồm từ 8 chữ số, ví dụ 0225 3842 123."
)
