"""Practice papers: one-page PDF files with Vietnamese text, made without a printing engine.

The PDF is written out object by object with the committed Tinos face, so that loading the demo
needs neither WeasyPrint nor its libraries. Each paper says that it is for practice.
"""

import zlib
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from fontTools.ttLib import TTFont

FONT = Path("static") / "fonts" / "tinos" / "Tinos-Regular.ttf"
A4 = (595, 842)
LEFT, TOP, SIZE, LEADING = 72, 760, 13, 22


def practice_pdf(lines: list[str]) -> bytes:
    """One A4 page with these lines, as a PDF that viewers show and pypdf reads."""
    font = _font()
    text = "".join(lines)
    content = zlib.compress(_content(lines).encode("ascii"))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {A4[0]} {A4[1]}] /Contents 4 0 R "
        "/Resources << /Font << /F1 5 0 R >> >> >>".encode(),
        _stream("/Filter /FlateDecode", content),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /Tinos /Encoding /Identity-H "
        b"/DescendantFonts [6 0 R] /ToUnicode 9 0 R >>",
        f"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Tinos /FontDescriptor 7 0 R "
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> "
        f"/CIDToGIDMap /Identity /W [{_widths(text)}] >>".encode(),
        b"<< /Type /FontDescriptor /FontName /Tinos /Flags 4 /FontBBox [-200 -300 1200 1000] "
        b"/ItalicAngle 0 /Ascent 891 /Descent -216 /CapHeight 660 /StemV 80 /FontFile2 8 0 R >>",
        _stream(f"/Filter /FlateDecode /Length1 {font.length}", font.packed),
        _stream("/Filter /FlateDecode", zlib.compress(_to_unicode(text).encode("ascii"))),
    ]
    return _assembled(objects)


class _Face:
    """The face once, with what a page needs of it."""

    def __init__(self, path: Path):
        data = path.read_bytes()
        self.length, self.packed = len(data), zlib.compress(data)
        with TTFont(path) as font:
            names = font.getBestCmap()
            per_em = font["head"].unitsPerEm
            self.glyphs = {chr(code): font.getGlyphID(name) for code, name in names.items()}
            self.widths = {
                chr(code): round(font["hmtx"][name][0] * 1000 / per_em)
                for code, name in names.items()
            }


@lru_cache(maxsize=1)
def _font() -> _Face:
    return _Face(settings.BASE_DIR / FONT)


def _content(lines: list[str]) -> str:
    shown = [f"<{_hex(line)}> Tj T*" for line in lines]
    return "\n".join([f"BT /F1 {SIZE} Tf {LEADING} TL {LEFT} {TOP} Td", *shown, "ET"])


def _hex(line: str) -> str:
    return "".join(f"{_font().glyphs[character]:04X}" for character in line)


def _widths(text: str) -> str:
    font = _font()
    return " ".join(f"{font.glyphs[each]} [{font.widths[each]}]" for each in sorted(set(text)))


def _to_unicode(text: str) -> str:
    """So that the text can be searched and copied."""
    pairs = [f"<{_font().glyphs[each]:04X}> <{ord(each):04X}>" for each in sorted(set(text))]
    blocks = [pairs[start : start + 100] for start in range(0, len(pairs), 100)]
    mapped = "\n".join(
        f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks
    )
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap "
        "/CMapName /Practice def /CMapType 2 def\n"
        "1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
        f"{mapped}\nendcmap end end"
    )


def _stream(entries: str, data: bytes) -> bytes:
    head = f"<< {entries} /Length {len(data)} >>\nstream\n".encode()
    return head + data + b"\nendstream"


def _assembled(objects: list[bytes]) -> bytes:
    out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{offset:010d} 00000 n \n".encode() for offset in offsets)
    out += f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\n".encode()
    out += f"startxref\n{start}\n%%EOF\n".encode()
    return bytes(out)
