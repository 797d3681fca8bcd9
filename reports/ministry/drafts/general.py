"""Chapter I: who takes part, by which set and calendar; who sent in time, late, not at all."""

from reports.days import day
from reports.figures import listed
from reports.letterhead import lower_first
from reports.ministry.words import Facts, Unit, by_key, capital, names, some, some_of

DONE, GOING_ON, PLANNED = "Đã thực hiện theo lịch", "Đang thực hiện", "Dự kiến"


def set_up(facts: Facts) -> list[str]:
    return [
        *_participants(facts),
        *_sets(facts),
        *_readings(facts),
        *_sessions(facts),
        *_calendar(facts),
    ]


def progress(facts: Facts) -> list[str]:
    units = facts["units"]
    sent = [unit for unit in units if unit["sent_on"]]
    return [
        *_sent(facts, sent),
        *_late(sent),
        *_extended(units),
        *_returned(units),
        *_missing(units),
    ]


def _participants(facts: Facts) -> list[str]:
    units, year = facts["units"], facts["round"]["year"]
    if len(units) == 1:
        return [f"Năm {year}, {units[0]['name_in_sentence']} tham gia thí điểm."]
    groups = by_key(units, lambda unit: unit["noun"])
    if len(groups) == 1:
        return [f"Năm {year} có {len(units)} {units[0]['noun']} tham gia thí điểm: {names(units)}."]
    said = "; ".join(f"khối {noun} có {names(group)}" for noun, group in groups.items())
    return [f"Năm {year} có {len(units)} quận, huyện tham gia thí điểm: {said}."]


def _sets(facts: Facts) -> list[str]:
    indicators = facts["summary"]["indicators"]
    graded = sum(each["is_graded"] for each in indicators)
    who = "Các quận, huyện" if len(facts["units"]) > 1 else capital(some(facts["units"]))
    lines = [
        f"{who} tự đánh giá theo {facts['set']['title']}, gồm "
        f"{len(indicators)} chỉ báo: {len(indicators) - graded} chỉ báo là điều kiện tiên quyết, "
        f"{graded} chỉ báo để xét mức độ."
    ]
    if facts["standing_agency"]:
        lines.append(
            f"{facts['standing_agency']} là cơ quan thường trực, tiếp nhận và thẩm định hồ sơ."
        )
    return lines


def _readings(facts: Facts) -> list[str]:
    if not facts["readings"]:
        return []
    lines = [
        f"- {each['question']}: {each['choice']} (theo {each['document']})."
        for each in facts["readings"]
    ]
    return ["Những điểm Bộ tiêu chí chưa quy định rõ được hiểu thống nhất như sau:", *lines]


def _sessions(facts: Facts) -> list[str]:
    sessions = facts["sessions"]
    if not sessions:
        return []
    heard = {code for each in sessions for code in each["units"]}
    days = ", ".join(day(each["on"]) for each in sessions)
    return [
        f"Hội đồng đánh giá cấp thành phố đã họp {len(sessions)} phiên (ngày {days}), xét hồ sơ "
        f"của {some_of([u for u in facts['units'] if u['code'] in heard], facts['units'])}."
    ]


def _calendar(facts: Facts) -> list[str]:
    """What is over on the day of the report, what is going on, and what is only planned."""
    in_order = sorted(facts["calendar"], key=lambda each: each["from"] or each["to"])
    parts = by_key(in_order, lambda each: _stage(each, facts["on"]))
    lines: list[str] = []
    for stage in (DONE, GOING_ON, PLANNED):
        if stage in parts:
            lines.append(f"{stage}:")
            lines += [f"- {each['label']}: {_when(each)}." for each in parts[stage]]
    return lines


def _stage(milestone: dict, today: str) -> str:
    """A day that has not ended is not over."""
    if milestone["to"] < today:
        return DONE
    return GOING_ON if (milestone["from"] or milestone["to"]) <= today else PLANNED


def _when(milestone: dict) -> str:
    if milestone["shown"]:
        return lower_first(milestone["shown"])
    if milestone["from"] and milestone["from"] != milestone["to"]:
        return f"từ ngày {day(milestone['from'])} đến ngày {day(milestone['to'])}"
    return f"ngày {day(milestone['to'])}"


def _sent(facts: Facts, sent: list[Unit]) -> list[str]:
    units = facts["units"]
    head = f"Hạn gửi hồ sơ tự đánh giá là ngày {day(facts['due_on'])}."
    until = f"Đến ngày {day(facts['on'])}"
    if not sent:
        return [f"{head} {until}, chưa địa phương nào gửi hồ sơ."]
    if len(units) == 1:
        return [f"{head} {capital(some(units))} gửi hồ sơ ngày {day(sent[0]['sent_on'])}."]
    in_time = [unit for unit in sent if not unit["days_late"]]
    said = f"{until}, {len(sent)}/{len(units)} địa phương đã gửi hồ sơ"
    if len(in_time) == len(sent):
        return [f"{head} {said}, đều trong thời hạn."]
    if in_time:
        said += f", trong đó {some(in_time)} gửi trong thời hạn"
    return [f"{head} {said}."]


def _late(sent: list[Unit]) -> list[str]:
    late = [unit for unit in sent if unit["days_late"]]
    if not late:
        return []
    said = [
        f"{unit['name_in_sentence']} (ngày {day(unit['sent_on'])}, muộn {unit['days_late']} ngày)"
        for unit in late
    ]
    return [f"Gửi sau hạn: {listed(said, '; ')}."]


def _extended(units: list[Unit]) -> list[str]:
    extended = [unit for unit in units if unit["extended_until"]]
    if not extended:
        return []
    said = [
        f"{unit['name_in_sentence']} đến ngày {day(unit['extended_until'])}, lý do: "
        f"{lower_first(unit['extension_reason'].strip().rstrip('.'))}"
        for unit in extended
    ]
    return [f"Được gia hạn: {listed(said, '; ')}."]


def _returned(units: list[Unit]) -> list[str]:
    returned = [unit for unit in units if unit["was_returned"]]
    if not returned:
        return []
    return [f"Trong quá trình thẩm định, hồ sơ của {some(returned)} được trả lại để bổ sung."]


def _missing(units: list[Unit]) -> list[str]:
    missing = [unit for unit in units if not unit["sent_on"]]
    if not missing or len(missing) == len(units):
        return []
    return [f"Chưa gửi hồ sơ: {some(missing)}."]
