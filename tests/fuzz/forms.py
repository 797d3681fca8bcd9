"""Every form, filled in by somebody who may send it, with what no page would let them type."""

import json
from collections.abc import Iterator

from hypothesis import strategies as st

from tests.evaluations import samples
from tests.fuzz import texts
from tests.fuzz.asking import HUGE, House, Request, headers, pairs_said, paths, quoted
from tests.fuzz.found import Form, Found
from tests.fuzz.running import Task

BOUNDARY = "ranh-gioi"
MANAGEMENT = ("form-TOTAL_FORMS", "form-INITIAL_FORMS", "form-MAX_NUM_FORMS", "base", "version")
FILES = (
    b"",
    b"%PDF-1.7 x",
    samples.pdf("thử"),
    samples.pdf("thử")[:-40],
    samples.png(),
    samples.JPEG,
    samples.HTML,
    samples.PROGRAM,
    samples.office(),
    samples.office()[:-30],
    samples.ole("WordDocument"),
)
ENDINGS = ("", ".pdf", ".PDF", ".docx", ".xlsx", ".png", ".jpg", ".exe", ".pdf.exe", ".pdf\x00.exe")
Pairs = list[tuple[str, str]]


def tasks(house: House, found: Found) -> Iterator[Task]:
    """A task for each view that takes a form, whoever may send it."""
    for view, forms in sorted(found.forms.items()):
        yield Task("forms", view, st.sampled_from(forms).flatmap(requests), house.ask, 2)


@st.composite
def requests(draw, form: Form) -> Request:
    pairs = [(each.name, each.value) for each in form.fields]
    for _ in range(draw(st.integers(0, 5))):
        pairs = draw(_changed(pairs, form))
    body, content_type = draw(_body(pairs, form))
    path = draw(paths(form.path))
    if draw(st.integers(0, 11)) == 0:
        path += f"{'&' if '?' in path else '?'}x={quoted(draw(texts.hostile))}"
    return Request(form.person, "POST", path, body, content_type, draw(headers))


@st.composite
def _changed(draw, pairs: Pairs, form: Form) -> Pairs:
    """One thing else than the page would send."""
    way = draw(
        st.sampled_from(["say"] * 6 + ["choose", "drop", "repeat", "add", "swap", "all", "id"])
    )
    if way == "add" or not pairs:
        name = draw(st.one_of(st.sampled_from(MANAGEMENT), texts.hostile))
        return [*pairs, (name, draw(texts.anything))]
    place = draw(st.integers(0, len(pairs) - 1))
    name, value = pairs[place]
    if way == "drop":
        return pairs[:place] + pairs[place + 1 :]
    if way == "repeat":
        return [*pairs, (name, draw(texts.anything))]
    if way == "swap":
        other = draw(st.integers(0, len(pairs) - 1))
        value = pairs[other][1]
    elif way == "choose":
        options = next((each.options for each in form.fields if each.name == name), ())
        value = draw(st.sampled_from([*options, "", "on", "1"]))
    elif way == "id":
        value = draw(st.sampled_from(HUGE) | st.integers(1, 60).map(str))
    elif way == "all":
        said = draw(texts.anything)
        return [(each, said) for each, _ in pairs]
    else:
        value = draw(texts.anything)
    return [*pairs[:place], (name, value), *pairs[place + 1 :]]


@st.composite
def _body(draw, pairs: Pairs, form: Form) -> tuple[bytes, str]:
    """In one of the shapes in which a body comes, or in none."""
    usual = "multipart" if form.takes_files else "urlencoded"
    ways = [usual] * 8 + ["urlencoded", "multipart", "multipart", "cut", "json", "plain", "raw"]
    way = draw(st.sampled_from(ways))
    if way == "urlencoded":
        return pairs_said(pairs), "application/x-www-form-urlencoded"
    if way == "json":
        shape = draw(st.sampled_from([dict(pairs), pairs, [], "x", None]))
        return json.dumps(shape).encode(), "application/json"
    if way == "plain":
        return pairs_said(pairs), draw(
            st.sampled_from(["text/plain", "", "x", "text/html; charset=x"])
        )
    if way == "raw":
        kinds = ["application/x-www-form-urlencoded; charset=utf-16", "multipart/form-data"]
        kinds += [f"multipart/form-data; boundary={BOUNDARY}", "multipart/form-data; boundary="]
        return draw(st.binary(max_size=200)), draw(st.sampled_from(kinds))
    body = draw(_multipart(pairs, form))
    if way == "cut":
        body = body[: draw(st.integers(0, len(body)))]
    return body, f"multipart/form-data; boundary={BOUNDARY}"


@st.composite
def _multipart(draw, pairs: Pairs, form: Form) -> bytes:
    parts = [_part(name, texts.said(value)) for name, value in pairs]
    for _ in range(draw(st.integers(0, 2)) if form.takes_files else draw(st.integers(0, 5)) == 0):
        field = draw(st.sampled_from(["file", "files", "scan", "x"]))
        name = draw(texts.hostile)[:300] + draw(st.sampled_from(ENDINGS))
        content = draw(st.sampled_from(FILES) | st.binary(max_size=60))
        parts.append(_part(field, content, name))
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


def _part(name: str, content: bytes, file_name: str | None = None) -> bytes:
    said = b'Content-Disposition: form-data; name="%s"' % _in_header(name)
    if file_name is not None:
        said += b'; filename="%s"\r\nContent-Type: application/pdf' % _in_header(file_name)
    return b"--%s\r\n%s\r\n\r\n%s\r\n" % (BOUNDARY.encode(), said, content)


def _in_header(text: str) -> bytes:
    """As browsers write it: what would end the header is percent-encoded, the rest as it is."""
    said = texts.said(text)
    return said.replace(b'"', b"%22").replace(b"\r", b"%0D").replace(b"\n", b"%0A")
