"""“Biên bản họp hội đồng” (Nghị định 30/2020/NĐ-CP, Phụ lục III, mẫu 1.9): no place and day."""

from typing import Any

from reports.council.content import BLANK, COUNCIL, COUNCIL_LINES
from reports.council.tables import level_words, session_tables
from reports.council.words import by_level, names, one_line, titles_of
from reports.days import day_in_words
from reports.letterhead import head_of, lower_first, recipients_of
from reports.paper.parts import (
    Heading,
    Name,
    Paper,
    Paragraph,
    Part,
    Points,
    Signature,
    Signer,
)


def minutes_paper(content: dict[str, Any]) -> Paper:
    lines, year = content["lines"], content["year"]
    return Paper(
        title=content["file_name"],
        head=head_of(
            {"superior_name": content["city"]["issuer_name"], "place": ""},
            COUNCIL_LINES,
            f"/BB-{BLANK}",
        ),
        parts=(
            Name("Biên bản", f"Họp {COUNCIL} xét công nhận {titles_of(lines)} năm {year}"),
            Paragraph(f"Thời gian bắt đầu: {_start(content)}."),
            Paragraph(f"Địa điểm: {one_line(content['place'])}."),
            *_members(content),
            Paragraph(f"Chủ trì (chủ tọa): {one_line(content['chair'])}."),
            Paragraph(f"Thư ký: {one_line(content['secretary'])}."),
            Heading("I. Nội dung", 1),
            Paragraph(
                f"Hội đồng xét {len(lines)} hồ sơ đề nghị công nhận {titles_of(lines)} năm {year}."
            ),
            *(
                part
                for number, (line, row) in enumerate(
                    zip(lines, session_tables(content)[0].rows, strict=True), start=1
                )
                for part in _dossier(number, line, row, is_closed=content["is_closed"])
            ),
            *_together(content),
            Signature(
                f"Cuộc họp kết thúc vào {BLANK} giờ {BLANK}, {day_in_words(content['held_on'])}./.",
                Signer("", "Chủ tọa", _name(content["chair"])),
                recipients_of({}, kept_by="Hồ sơ"),  # mẫu 1.9; the council is no office of ours
                other=Signer("", "Thư ký", _name(content["secretary"])),
            ),
        ),
        marks=tuple(content["marks"]),
        issuer=COUNCIL,
    )


def _start(content: dict[str, Any]) -> str:
    hour, _, minute = (content["starts_at"] or "").partition(":")
    return f"{hour or BLANK} giờ {minute or BLANK}, {day_in_words(content['held_on'])}"


def _members(content: dict[str, Any]) -> list[Part]:
    """Who was there and who was not; before the day, who is invited."""
    members = content["members"]
    present = [each for each in members if each["is_present"]]
    absent = [each for each in members if not each["is_present"]]
    words = "Thành phần tham dự" if content["is_held"] else "Thành phần mời họp"
    parts: list[Part] = [Paragraph(f"{words}: {len(present)}/{len(members)} thành viên.")]
    if present:
        parts.append(Points(_ended(_member(each) for each in present)))
    if absent:
        parts.append(Paragraph(f"Vắng: {len(absent)} thành viên."))
        parts.append(Points(_ended(_member(each) for each in absent)))
    return parts


def _member(member: dict[str, Any]) -> str:
    said = ", ".join(filter(None, (one_line(member["name"]), one_line(member["position"]))))
    reason = one_line(member["reason"])
    return f"{said} (lý do: {lower_first(reason)})" if reason else said


def _ended(lines) -> tuple[str, ...]:
    """Each with a semicolon, the last with a full stop."""
    *most, last = lines
    return (*(f"{line};" for line in most), f"{last}.")


def _dossier(number: int, line: dict[str, Any], row: dict, *, is_closed: bool) -> list[Part]:
    """What was proposed, said, voted and concluded; nothing of what was not."""
    heading = Heading(f"{number}. {line['name']}", 2)
    if not line["was_heard"]:
        return [heading, Paragraph("Hồ sơ được mở lại thẩm định, Hội đồng không xét.")]
    found = "đánh giá" if line["is_city"] else "thẩm định"
    said = [f"Kết quả {found}: {lower_first(row['proposed'].shown)}."]
    if line["opinions"]:
        opinions = "; ".join(_opinion(each) for each in line["opinions"])
        said.append(f"Ý kiến thành viên gửi trước phiên họp: {opinions}.")
    if discussion := one_line(line["discussion"]):
        said.append(f"Ý kiến tại phiên họp: {discussion}.")
    if line["votes_for"] is not None:
        said.append(
            f"Biểu quyết về kết luận: {row['votes'].shown} phiếu đồng ý, "
            f"{line['votes_against'] or 0} phiếu không đồng ý."
        )
    concluded = [Paragraph(_concluded(line), is_strong=is_closed)]
    if words := one_line(line["conclusion"]):
        concluded.append(Paragraph(f"{words}."))
    return [heading, Points(tuple(said)), *concluded]


def _opinion(opinion: dict[str, Any]) -> str:
    said = f"{one_line(opinion['by'])}: {lower_first(opinion['stand'])}"
    words = one_line(opinion["text"])
    return f"{said} (“{words}”)" if words else said


def _concluded(line: dict[str, Any]) -> str:
    if line["concluded"] is None:
        return "Hội đồng chưa kết luận."
    return f"Hội đồng kết luận: {_verdict(line['concluded'])}."


def _verdict(level: int) -> str:
    return f"công nhận {lower_first(level_words(level))}" if level else "không công nhận"


def _together(content: dict[str, Any]) -> list[Part]:
    """Of a closed session, what it came to."""
    found = by_level(content["lines"])
    if not content["is_closed"] or not found:
        return []
    said = [
        f"{_verdict(level)[:1].upper()}{_verdict(level)[1:]}: {names(units)}"
        for level, units in found.items()
    ]
    heading = Heading("II. Kết luận", 1)
    return [heading, Paragraph("Hội đồng thống nhất kết luận:"), Points(_ended(said))]


def _name(said: str) -> str:
    """Without the position that may be written behind it."""
    return said.partition(",")[0].strip()
