"""What people, machines and attackers put into a field; most of it is not what was asked for."""

from hypothesis import strategies as st

from tests.fuzz.days import DAYS

DEEP = 3000

NASTY = (
    *("", " ", "\t", "\u00a0", "\u3000", "\r\n\r\n", "\u2028", "\u0085", "\x7f", "\x1f"),
    *("\x00", "a\x00b", "\ud800", "\udfff\ud800", "\uffff", "\ufffe", "\ufeff", "\ufffd"),
    "Thuy\u0309 Nguye\u0302n",  # NFD, tone on the y
    "e\u0302\u0301" * 40,
    "a" + "\u0301" * 500,
    "\u202etxet gnorw\u202c",
    "\u2066x\u2069\u200b\u200d\u200e",
    "👩‍👩‍👧‍👦🏳️‍🌈",
    *("İ", "ß", "ﬁ", "ǆ", "Ω", "\u1e9e", "\ud83d", "𝟙𝟚", "١٢٣", "１２，５", "²", "½", "Ⅻ", "〇"),
    "a" * 10_000,
    "ế" * 5_000,
    "%s %(x)s %n %",
    "{0} {x!r} {{ x }} {% load x %}",
    "' OR 1=1 --",
    '"><script>alert(1)</script>',
    "<!--",
    "]]>",
    "&#0;",
    "=1+1",
    "@SUM(A1)",
    "+cmd|' /C calc'!A0",
    "../../etc/passwd",
    "\\\\far\\share",
    "https://example.com/\x00",
    *("[]", "{}", "null", "true", "on", "yes", "no", '""', '["\\ud800"]', '{"a":"\\u0000"}'),
    *("NaN", "[NaN]", '{"met": [1]}', '{"achieved": {"x": 1}}', "[1, 2]", "1", "-1"),
    "[" * DEEP,
    '{"a":' * DEEP,
)
NUMBERS = (
    *("0", "-0", "00", "1", "-1", "\u22121", "+1", "1.5", "1,5", "1.500", "1,500", "1.500,5"),
    *("1.234.567", "1,234.5", "1 234", "1\u00a0234,5", "0.050", "100", "100%", "100,01", "101 %"),
    *(
        "1e3",
        "1e400",
        "1e-400",
        "0x1f",
        "1_000",
        "NaN",
        "Infinity",
        "-inf",
        "1.",
        ".5",
        ",",
        "1,,2",
    ),
    *("9" * 15, "9" * 16, "9" * 400, "9" * 5000, "2147483647", "2147483648", "-2147483649"),
    *("9223372036854775807", "9223372036854775808", "18446744073709551616", "32768"),
    *("0,000000000000001", "99999999999999,9", "٣", "１２", "𝟗", "²", "1\u2009000", "1'000"),
)

_ANY = st.text(max_size=60)  # lone surrogates are not among these; NASTY has them
_SIGNS = "0123456789.,%-+ \u00a0\u2212eE/:_xX"
numbers = st.one_of(
    st.sampled_from(NUMBERS),
    st.integers(-(10**20), 10**20).map(str),
    st.text(_SIGNS, max_size=24),
    st.decimals(0, 10**9, places=3).map(lambda number: str(number).replace(".", ",")),
)
days = st.one_of(
    st.sampled_from(DAYS),
    st.dates().map(lambda day: f"{day:%d/%m/}{day.year:04}"),
    st.text("0123456789/-. :T", max_size=20),
)
hostile = st.one_of(
    st.sampled_from(NASTY),
    _ANY,
    st.text(st.characters(categories=["Cc", "Cf", "Co", "Cn", "Mn", "Zs", "Cs"]), max_size=20),
    st.builds("{}{}".format, _ANY, st.sampled_from(NASTY)),
)
anything = st.one_of(hostile, numbers, days)


def said(text: str) -> bytes:
    """As bytes on the wire, lone surrogates too, which no honest browser sends."""
    return text.encode("utf-8", "surrogatepass")
