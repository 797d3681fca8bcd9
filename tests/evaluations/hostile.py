"""Files made to harm who opens them, or what reads them; and their harmless likenesses."""

import io
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable

from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

from tests.evaluations import samples

PACKAGE_CLASS = bytes.fromhex("0c00030000000000c000000000000046")
OFFICE_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"

# --- PDF ------------------------------------------------------------------------------------------


def named(**entries) -> DictionaryObject:
    """named(S="/URI", URI="a") is << /S /URI /URI (a) >>."""
    return DictionaryObject({NameObject(f"/{key}"): _value(each) for key, each in entries.items()})


def _value(value):
    if isinstance(value, str):
        return NameObject(value) if value.startswith("/") else TextStringObject(value)
    return ArrayObject(map(_value, value)) if isinstance(value, list) else value


def pdf(change: Callable[[PdfWriter], object]) -> bytes:
    """One blank page, changed."""
    writer = PdfWriter()
    writer.add_blank_page(width=200, height=200)
    change(writer)
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def catalogued(**entries) -> bytes:
    """A PDF with these entries in its catalogue."""
    return pdf(lambda writer: writer.root_object.update(named(**entries)))


def clicked(action: DictionaryObject) -> bytes:
    """A PDF with a link that does this."""
    box = ArrayObject(FloatObject(each) for each in (0, 0, 50, 50))
    link = named(Type="/Annot", Subtype="/Link", Rect=box, A=action)
    return pdf(lambda writer: writer.pages[0].update(named(Annots=[link])))


SCRIPT = named(S="/JavaScript", JS="app.alert(1)")
LAUNCH = named(S="/Launch", F="cmd.exe")
LINK = named(S="/URI", URI="https://haiphong.gov.vn")
FAR = named(S="/GoToR", F="\\\\far\\a.pdf")


def with_field(**entries) -> bytes:
    """A PDF with a form of one field."""
    return pdf(
        lambda writer: writer.root_object.update(
            named(AcroForm=named(Fields=[writer._add_object(named(T="a", **entries))]))
        )
    )


def signed() -> bytes:
    """As an office's seal leaves it: a signature, a place to open at, a link, an outline."""

    def change(writer: PdfWriter) -> None:
        page = writer.pages[0].indirect_reference
        seal = named(
            Type="/Sig",
            Filter="/Adobe.PPKLite",
            SubFilter="/adbe.pkcs7.detached",
            ByteRange=[NumberObject(each) for each in (0, 100, 200, 100)],
            Contents="0" * 64,
            Reason="Ký số văn bản",
        )
        field = named(FT="/Sig", T="Signature1", V=writer._add_object(seal), Subtype="/Widget")
        writer.root_object.update(
            named(
                AcroForm=named(Fields=[writer._add_object(field)], SigFlags=NumberObject(3)),
                OpenAction=[page, NameObject("/Fit")],
                AA=named(WP=named(S="/Named", N="/Print")),
                ViewerPreferences=named(DisplayDocTitle=BooleanObject(True)),
            )
        )
        writer.pages[0].update(named(Annots=[field, named(Subtype="/Link", A=LINK)]))
        writer.add_outline_item(title="Phụ lục", page_number=0)

    return pdf(change)


def packed_away(action: bytes) -> bytes:
    """A PDF whose catalogue and action lie in a compressed stream: nothing is named in sight."""
    objects = {
        2: b"<</Type/Catalog/Pages 3 0 R/OpenAction 5 0 R>>",
        3: b"<</Type/Pages/Kids[4 0 R]/Count 1>>",
        4: b"<</Type/Page/Parent 3 0 R/MediaBox[0 0 9 9]>>",
        5: action,
    }
    return _with_object_stream(list(objects), list(objects.values()))


def endless(count: int = 30_000) -> bytes:
    """A PDF of some hundred kilobytes that takes a reader hours: strings begun, never ended."""
    catalogue = b"<</Type/Catalog/Pages 3 0 R/OpenAction 9 0 R>>"
    pages = [b"<</Type/Pages/Kids[4 0 R]/Count 1>>", b"<</Type/Page/Parent 3 0 R>>"]
    return _with_object_stream(list(range(2, 5 + count)), [catalogue, *pages, *[b"(("] * count])


def _with_object_stream(numbers: list[int], objects: list[bytes]) -> bytes:
    places, offset = [], 0
    for each in objects:
        places.append(offset)
        offset += len(each) + 1
    index = " ".join(f"{number} {at}" for number, at in zip(numbers, places, strict=True)).encode()
    packed = zlib.compress(index + b"\n" + b"\n".join(objects))
    made = b"%PDF-1.7\n"
    rows = [(0, 0, 65535), (1, len(made), 0), *[(2, 1, each) for each in range(len(objects))]]
    made += (
        b"1 0 obj\n<</Type/ObjStm/N %d/First %d/Filter/FlateDecode/Length %d>>\nstream\n%s\n"
        b"endstream\nendobj\n" % (len(objects), len(index) + 1, len(packed), packed)
    )
    start, last = len(made), numbers[-1] + 1
    rows.append((1, start, 0))
    table = zlib.compress(b"".join(struct.pack(">BIH", *row) for row in rows))
    return made + (
        b"%d 0 obj\n<</Type/XRef/Size %d/W[1 4 2]/Root 2 0 R/Filter/FlateDecode/Length %d>>\n"
        b"stream\n%s\nendstream\nendobj\nstartxref\n%d\n%%%%EOF"
        % (last, last + 1, len(table), table, start)
    )


# --- Word and Excel -------------------------------------------------------------------------------


def office(parts: dict[str, bytes], main_type: str = samples.WORD) -> bytes:
    return samples.office(main_type, parts=parts)


def relation(kind: str, target: str, mode: str = "External") -> bytes:
    return (
        f'<Relationships xmlns="{PACKAGE_RELATIONS}"><Relationship Id="rId1" '
        f'Type="{OFFICE_RELATIONS}/{kind}" Target="{target}" TargetMode="{mode}"/></Relationships>'
    ).encode()


def template_from(target: str) -> bytes:
    """A Word file whose template is there."""
    return office({"word/_rels/settings.xml.rels": relation("attachedTemplate", target)})


def billion_laughs() -> bytes:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return f'<!DOCTYPE x [<!ENTITY l0 "ha">{entities}]><x>&l9;</x>'.encode()


def quadratic() -> bytes:
    return f'<!DOCTYPE x [<!ENTITY a "{"a" * 50_000}">]><x>{"&a;" * 20_000}</x>'.encode()


def matryoshka(depth: int, innermost: bytes) -> bytes:
    """Word files in Word files."""
    inner = innermost
    for _ in range(depth):
        inner = office({"word/embeddings/Microsoft_Word_Document1.docx": inner})
    return inner


def bomb() -> bytes:
    """Forty megabytes in forty kilobytes."""
    return office({"word/media/image1.bmp": bytes(40 * 1024**2)})


def lying() -> bytes:
    """A Word file that says of its longest part that it is short."""
    content = office({"word/document.xml": b"<x>" + b" " * 300_000})
    size = (300_003).to_bytes(4, "little")
    assert content.count(size) == 2
    return content.replace(size, (1000).to_bytes(4, "little"))


def garbled() -> bytes:
    """A Word file whose first part, the list of the others, cannot be unpacked."""
    content = office({})
    return content[:60] + b"\xff" * 10 + content[70:]


def shifted() -> bytes:
    """A Word file that says its parts begin before it does."""
    content = office({})
    place = content.rfind(b"PK\x05\x06") + 16
    (start,) = struct.unpack_from("<I", content, place)
    return content[:place] + struct.pack("<I", start + 9) + content[place + 4 :]


def twice(part: str) -> bytes:
    """A Word file with two parts of one name."""
    made = io.BytesIO(office({part: b"<x/>"}))
    with zipfile.ZipFile(made, "a") as package, warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        package.writestr(part, b"<y/>")
    return made.getvalue()
