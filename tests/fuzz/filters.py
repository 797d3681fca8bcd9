"""Every page with whatever its address may be made to say, as everybody."""

from collections.abc import Iterator

from hypothesis import strategies as st

from tests.fuzz import texts
from tests.fuzz.asking import HUGE, House, Request, headers, in_cookie, pairs_said, paths
from tests.fuzz.found import Found
from tests.fuzz.running import Task

# What any view of the application asks a query for.
NAMES = ("page", "trang", "loc", "q", "nam", "dot", "next", "dau", "xem", "da-xem", "chinh")
NAMES += ("danh-hieu", "don-vi", "vai-tro")
PAGES_ASKED = ("0", "-1", "last", "1.5", "1e9", "٣", "１", *HUGE)
ENCODINGS = (
    "%",
    "%0",
    "%zz",
    "%ff",
    "%c3%28",
    "%ed%a0%80",
    "%00",
    "%2500",
    "+%20+",
    "%u0110",
    "%F4%90%80%80",
)
COOKIES = ("sessionid", "csrftoken", "messages", "dot", "django_language")


def tasks(house: House, found: Found) -> Iterator[Task]:
    for view, addresses in found.paths.items():
        names = found.queries.get(view, {})
        cases = requests(sorted(house.cookies), addresses, {n: sorted(v) for n, v in names.items()})
        yield Task("filters", view, cases, house.ask, 6 if names else 1)


@st.composite
def requests(draw, people: list[str], addresses: list[str], known: dict) -> Request:
    path = draw(paths(draw(st.sampled_from(addresses))))
    names = st.sampled_from([*known, *known, *NAMES])
    pairs = []
    for name in draw(st.lists(names, max_size=4)):
        pairs.append((draw(_names(name)), draw(_values(name, known.get(name, ())))))
    query = pairs_said(pairs).decode()
    if draw(st.integers(0, 5)) == 0:
        query += draw(st.sampled_from(["&", "", ";", "&&=&", "?", "&a=b" * 1200])) + draw(_raw)
    method = draw(st.sampled_from(["GET"] * 12 + ["HEAD", "OPTIONS", "PUT", "DELETE", "TRACE"]))
    sent = draw(headers)
    if draw(st.integers(0, 11)) == 0:
        name, value = draw(st.sampled_from(COOKIES)), draw(texts.hostile)
        sent = (*sent, ("Cookie", f"{name}={in_cookie('x' * 8 + value)}"))
    person = draw(st.sampled_from(people))
    return Request(person, method, f"{path}?{query}" if query else path, headers=sent)


_raw = st.lists(st.sampled_from(ENCODINGS) | st.text("abc=&%[].", max_size=9), max_size=4).map(
    "".join
)


def _names(name: str) -> st.SearchStrategy[str]:
    """As it is called; as an array, as some frameworks have it; hostile."""
    return st.one_of(
        st.just(name), st.just(name), st.just(name), st.just(f"{name}[]"), texts.hostile
    )


def _values(name: str, options) -> st.SearchStrategy[str]:
    asked = [texts.anything, texts.anything, st.sampled_from(PAGES_ASKED)]
    return st.one_of(*asked, *([st.sampled_from(options)] * 2 if options else []))
