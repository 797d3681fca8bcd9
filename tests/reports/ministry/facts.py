"""Facts of a round by hand, as `ministry_facts` gives them; each test changes what it is about."""

INDICATORS = [
    {"code": "1.1.1", "short_name": "Nhiệm vụ", "is_graded": False},
    {"code": "2.1.2", "short_name": "Cộng đồng", "is_graded": True},
]
DECISION = {"level": 1, "number": "01/QĐ-UBND", "on": "2022-12-28", "issuer": "UBND thành phố"}


def unit(name="Huyện A", **changes) -> dict:
    bare = name.split(maxsplit=1)[1]
    return {
        "code": bare,
        "name": name,
        "name_in_sentence": name[0].lower() + name[1:],
        "bare_name": bare,
        "noun": name.split()[0].lower(),
        "sent_on": "2022-12-10",
        "days_late": 0,
        "extended_until": None,
        "extension_reason": "",
        "was_returned": False,
        "state": "đã xác nhận",
        "stage": 5,
        "decision": None,
    } | changes


def column(share="20/25", word="Mức 1", met="Đạt", level=1, **changes) -> dict:
    shown = {"20/25": "80,0 %", "24/25": "96,0 %", "10/25": "40,0 %"}[share]
    return {
        "level": level,
        "unmet": [] if met != "Chưa đạt" else ["1.1.1"],
        "weakest": ["2.1.2"],
        "is_recognised": level > 0,
        "sentence": f"Mức độ {level}.",
        "results": {
            "1.1.1": {"word": met, "figure": "", "share": None, "shown": ""},
            "2.1.2": {"word": word, "figure": share, "share": share, "shown": shown},
        },
    } | changes


def district(code, own=None, appraised=None) -> dict:
    return {"code": code, "name": code, "state": "", "self": own, "appraised": appraised}


def said(suitability="fits", obstacle="", proposal="") -> dict:
    return {"suitability": suitability, "obstacle": obstacle, "proposal": proposal}


def opinions(**by_unit) -> dict:
    """`A={"2.1.2": said("unfit")}`: what each unit says; it fits where nothing is given."""
    return {
        "indicators": INDICATORS,
        "units": [
            {
                "name": f"Huyện {name}",
                "bare_name": name,
                "said": {each["code"]: own.get(each["code"], said()) for each in INDICATORS},
            }
            for name, own in by_unit.items()
        ],
    }


def facts(*units, **changes) -> dict:
    units = list(units) or [unit()]
    return {
        "on": "2023-01-10",
        "due_on": "2022-12-15",
        "standing_agency": "",
        "issuer": {"issuer_name": "UBND TP"},
        "round": {"name": "Thí điểm 2022", "year": 2022},
        "set": {"title": "Bộ tiêu chí quận/huyện", "legal_basis": ""},
        "calendar": [],
        "readings": [],
        "sessions": [],
        "units": units,
        "summary": {
            "indicators": INDICATORS,
            "districts": [district(each["code"]) for each in units],
        },
        "suitability": None,
        "last_year": None,
        "titles": [],
        "city": None,
        "city_awaited": None,
    } | changes


def judged(*columns, names="ABCDEFGH", key="appraised") -> dict:
    """A round whose districts have these columns, as the Sở's or as their own."""
    units = [unit(f"Huyện {name}") for name, _ in zip(names, columns, strict=False)]
    districts = [
        district(each["code"], own=found, appraised=found if key == "appraised" else None)
        for each, found in zip(units, columns, strict=True)
    ]
    return facts(*units, summary={"indicators": INDICATORS, "districts": districts})
