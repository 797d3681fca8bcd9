"""What stands around a paper, the same in all of them: who issues it, on which grounds."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from criteria.numbers import NBSP
from reports.days import in_words
from reports.paper.parts import Head, Signer

COMMITTEE = "Ủy ban nhân dân "
DATE = re.compile(r"ngày (\d{1,2})/(\d{1,2})/(\d{4})")


def issuer_lines(issuer: str, place: str) -> list[str]:
    """The letterhead breaks before the unit's name, as offices write it, in capitals."""
    head = issuer.removesuffix(place).strip()
    return [line.upper() for line in ((head, place) if head != issuer else (issuer,)) if line]


def legal_basis(text_of_set: str) -> list[str]:
    """Each căn cứ on its own line, the last ended by a full stop (Nghị định 30, Phụ lục I)."""
    parts = [part.strip(" .") for part in text_of_set.replace("\n", ";").split(";")]
    parts = [part.removeprefix("căn cứ ").removeprefix("Căn cứ ") for part in parts if part]
    lines = [f"Căn cứ {DATE.sub(_day_in_words, part)}" for part in parts]
    return [f"{line};" for line in lines[:-1]] + [f"{line}." for line in lines[-1:]]


def joined_basis(texts: Iterable[str]) -> str:
    """The căn cứ of several sets as those of one: each paper once, its appendices together.

    "Kế hoạch số 02 …, Phụ lục I và Phụ lục III" and "…, Phụ lục I và Phụ lục II" are one paper.
    """
    appendices: dict[str, list[str]] = {}
    for text in texts:
        for part in filter(None, (part.strip(" .") for part in text.split(";"))):
            paper, _, annexed = part.partition(", Phụ lục ")
            known = appendices.setdefault(paper, [])
            named = [each.strip() for each in annexed.split(" và Phụ lục ") if each.strip()]
            known += [each for each in named if each not in known]
    return "; ".join(_annexed(paper, sorted(named)) for paper, named in appendices.items())


def _annexed(paper: str, named: list[str]) -> str:
    """ "Kế hoạch …, Phụ lục I và Phụ lục III"; "…, các Phụ lục I, II và III" """
    if len(named) > 2:
        return f"{paper}, các Phụ lục {', '.join(named[:-1])} và {named[-1]}"
    return ", ".join(filter(None, [paper, " và ".join(f"Phụ lục {each}" for each in named)]))


def plan_of(text_of_set: str) -> str:
    """The first paper that a set rests on, as a sentence cites it; empty where there is none."""
    first = text_of_set.partition(";")[0].partition(", Phụ lục")[0].strip(" .")
    return DATE.sub(_day_in_words, first.removeprefix("căn cứ ").removeprefix("Căn cứ "))


def _day_in_words(found: re.Match[str]) -> str:
    """ "ngày 04 tháng 01 năm 2022": the decree writes the date of a cited paper out."""
    day, month, year = (int(part) for part in found.groups())
    return in_words(date(year, month, day))


def lower_first(title: str) -> str:
    """ "Bộ tiêu chí …" in the middle of a sentence."""
    return title[:1].lower() + title[1:]


def head_of(
    office: Mapping[str, str], issuer: Iterable[str], symbol: str = "", about: str = ""
) -> Head:
    """Ô 1 to 4 of this office; `issuer` as it breaks into lines; `about` of a công văn.

    The superior's line breaks nowhere but before its place.
    """
    superior = office["superior_name"].partition(COMMITTEE)
    return Head(
        superior=f"{superior[1]}{superior[2].replace(' ', NBSP)}" if superior[1] else superior[0],
        issuer=tuple(issuer),
        symbol=symbol,
        place=office["place"],
        about=about,
    )


def letter_symbol(office: Mapping[str, str]) -> str:
    """ "/SGDĐT-GDTX" of a công văn: the office and the unit that drafts it (Nghị định 30, Phụ lục
    I); without a drafting unit the office alone."""
    parts = (office["document_code"], office.get("drafting_unit", ""))
    return f"/{'-'.join(filter(None, parts))}"


def signer_of(office: Mapping[str, str]) -> Signer:
    return Signer(office["signing_authority"], office["signer_position"], office["signer_name"])


def recipients_of(
    office: Mapping[str, str], *also: str, addressed: Iterable[str] = (), kept_by: str = ""
) -> tuple[str, ...]:
    """Ô 9b: whom this paper itself names, whom the office always sends to, then the file copy.

    Each once, and none of `addressed`, for whom “Như trên” stands. `kept_by` keeps a copy beside
    văn thư where it is not the office's drafting unit. Content frozen before an office had
    recipients of its own has none.
    """
    known = {_who(name) for name in addressed}
    names = {}
    for name in (*also, *office.get("standing_recipients", "").splitlines()):
        if name and _who(name) not in known:
            names.setdefault(_who(name), name)
    copies = ", ".join(filter(None, ["VT", kept_by or office.get("drafting_unit", "")]))
    return (*names.values(), f"Lưu: {copies}")


def _who(recipient: str) -> str:
    """The same for “UBND quận Lê Chân (để báo cáo)” and “Ủy ban nhân dân quận Lê Chân”."""
    name = recipient.partition(" (")[0].replace(NBSP, " ").casefold()
    return re.sub("^(ủy|uỷ) ban nhân dân", "ubnd", name)


def with_usual_letterhead(unit: dict[str, Any]) -> dict[str, Any]:
    """What an administrator left empty is as for every People's Committee."""
    usual = {
        "issuer_name": f"Ủy ban nhân dân {unit['name_in_sentence']}",
        "document_code": "UBND",
        "place": unit["bare_name"],
        "signing_authority": "TM. ỦY BAN NHÂN DÂN",
        "signer_position": "CHỦ TỊCH",
    }
    return unit | {key: unit[key] or value for key, value in usual.items()}
