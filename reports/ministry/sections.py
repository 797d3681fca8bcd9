"""The sections of the report to the Ministry, by chapter; their drafts are in `drafts`."""

from collections.abc import Callable

from reports.ministry.drafts import city, general, opinions, results
from reports.ministry.words import Facts
from reports.sections import Section, nothing

CHAPTERS = {
    "I": "Công tác chỉ đạo, triển khai",
    "II": "Kết quả",
    "III": "Đánh giá chung",
    "IV": "Mức độ phù hợp của bộ tiêu chí",
    "V": "Khó khăn, vướng mắc",
    "VI": "Kiến nghị, đề xuất sửa đổi",
}
DISTRICTS, CITY = "Đối với quận, huyện", "Đối với thành phố"
ASSESSMENT = (
    "Phần này không viết được từ số liệu nên hệ thống không gợi ý. Nêu ưu điểm, tồn tại, hạn chế "
    "và nguyên nhân; để trống thì không in."
)


def _section(
    key: str, chapter: str, title: str, draft: Callable[[Facts], list[str]], hint: str = ""
) -> Section:
    return Section(key, title, draft, chapter, CHAPTERS[chapter], hint)


SECTIONS = (
    _section("trien-khai", "I", "Tổ chức triển khai", general.set_up),
    _section("tien-do", "I", "Tiến độ gửi hồ sơ", general.progress),
    _section("cong-nhan", "II", "Kết quả công nhận quận, huyện", results.recognition),
    _section("chi-bao", "II", "Kết quả quận, huyện theo chỉ báo", results.indicators),
    _section("nam-truoc", "II", "So với năm trước", results.last_year),
    _section("danh-hieu", "II", "Danh hiệu học tập ở cơ sở", results.titles),
    _section("thanh-pho", "II", "Kết quả của thành phố", city.result),
    _section("danh-gia", "III", "", nothing, ASSESSMENT),
    _section("phu-hop", "IV", DISTRICTS, opinions.suitability),
    _section("phu-hop-thanh-pho", "IV", CITY, city.suitability),
    _section("kho-khan", "V", DISTRICTS, opinions.obstacles),
    _section("kho-khan-thanh-pho", "V", CITY, city.obstacles),
    _section("kien-nghi", "VI", DISTRICTS, opinions.proposals),
    _section("kien-nghi-thanh-pho", "VI", CITY, city.proposals),
)
