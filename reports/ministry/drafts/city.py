"""What the report says of the city's own dossier: its result, and how its set fits."""

from reports.days import day
from reports.letterhead import lower_first
from reports.ministry.words import Facts, called, capital, level_word, one_line, quoted

COUNCIL = "Hội đồng đánh giá cấp thành phố"
MINISTRY = "Bộ Giáo dục và Đào tạo"
FITS = {"fits": "Phù hợp", "partly": "Phù hợp một phần", "unfit": "Không phù hợp"}


def result(facts: Facts) -> list[str]:
    found = facts["city"]
    if not found:
        return _awaited(facts)
    return [
        *_own(found),
        *_concluded(found),
        *_decided(found),
        *_request(facts, found),
    ]


def suitability(facts: Facts) -> list[str]:
    """By what was said of them; those that fit are only counted."""
    known = _indicators(facts)
    said = [each for each in known if each["suitability"]]
    if not said:
        return []
    fits = [each for each in said if each["suitability"] == "fits"]
    if len(fits) == len(said):
        return [f"{len(fits)}/{len(known)} chỉ báo được đánh giá là phù hợp."]
    lines = [f"Phù hợp: {len(fits)}/{len(known)} chỉ báo."] if fits else []
    for choice in ("partly", "unfit"):
        found = [called(each) for each in said if each["suitability"] == choice]
        if found:
            lines.append(f"{FITS[choice]}: {'; '.join(found)}.")
    return lines


def obstacles(facts: Facts) -> list[str]:
    return _quotes(facts, "obstacle")


def proposals(facts: Facts) -> list[str]:
    return _quotes(facts, "proposal")


def _quotes(facts: Facts, key: str) -> list[str]:
    return [
        f"- {called(each)}: {quoted(said)}."
        for each in _indicators(facts)
        if (said := one_line(each[key]))
    ]


def _indicators(facts: Facts) -> list[dict]:
    return facts["city"]["indicators"] if facts["city"] else []


def _awaited(facts: Facts) -> list[str]:
    awaited = facts["city_awaited"]
    if not awaited:
        return []
    return [
        f"Hồ sơ của {awaited['name_in_sentence']} đang hoàn thiện, chưa gửi; hạn gửi ngày "
        f"{day(awaited['due_on'])}."
    ]


def _own(found: dict) -> list[str]:
    return [
        f"{capital(found['name_in_sentence'])} tự đánh giá theo {found['title']} "
        f"({len(found['indicators'])} chỉ báo), gửi hồ sơ đến {COUNCIL} ngày "
        f"{day(found['sent_on'])}. Kết quả tự đánh giá: {lower_first(found['self'])}"
    ]


def _concluded(found: dict) -> list[str]:
    if not found["concluded"]:
        return [f"Tình trạng hồ sơ: {lower_first(found['state'])}."]
    if found["concluded"] == found["self"]:
        lines = [f"{COUNCIL} kết luận thống nhất với kết quả tự đánh giá."]
    else:
        lines = [f"{COUNCIL} kết luận: {lower_first(found['concluded'])}"]
    changed = [each for each in found["indicators"] if each["is_adjusted"]]
    if changed:
        lines.append(f"{COUNCIL} điều chỉnh {len(changed)} chỉ báo:")
        lines += [f"- {called(each)}: {each['own']} → {each['council']}." for each in changed]
    return lines


def _decided(found: dict) -> list[str]:
    decision = found["decision"]
    if not decision:
        return []
    return [
        f"Quyết định số {decision['number']} ngày {day(decision['on'])} của "
        f"{decision['issuer']}: {level_word(decision['level'])}."
    ]


def _request(facts: Facts, found: dict) -> list[str]:
    """What is asked for follows from what the council concluded, as long as nobody decided."""
    if found["decision"] or not found["level"]:
        return []
    return [
        f"{facts['issuer']['issuer_name']} đề nghị {MINISTRY} xem xét, công nhận "
        f"{found['name_in_sentence']} đạt danh hiệu thành phố học tập mức độ {found['level']} "
        f"năm {facts['round']['year']}."
    ]
