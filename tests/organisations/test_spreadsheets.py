"""Reading .xlsx files of strangers: refused in words, bounded, and true to what the cells say."""

import gc
import time
import zipfile
from datetime import date, datetime
from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook

from organisations.spreadsheets import (
    Book,
    UnreadableFile,
    address,
    as_text,
    collector_paused,
    package,
    without_phantoms,
)
from organisations.spreadsheets.cells import TextsByType
from tests.evaluations import samples
from tests.workbooks import (
    SHEET_1,
    bomb,
    book_of,
    lying_bomb,
    macro_book,
    million_formatted_rows,
    opened,
    saved,
    with_part,
)

SMALL = book_of(A=[["Mã", "Tên"], ["316", "Vĩnh Bảo"]])


def types_of(main_type: str) -> bytes:
    return samples.office(main_type)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("  Xã   Tân\nLiên ", "Xã Tân Liên"),
        ("Xa\u0303", "Xã"),
        ("Xã\x00 Tân\x0bLiên\ufffe\ud800", "Xã Tân Liên"),
        (316.0, "316"),
        (84.5, "84,5"),
        (84.55, "84,55"),
        (84.125, "84,1250"),  # "84,125" has two readings, the cell has one
        (0.1 + 0.2, "0,30000000000000004"),
        (True, "TRUE"),
        (date(2022, 11, 5), "05/11/2022"),
        (datetime(2022, 11, 5, 8, 30), "05/11/2022"),  # noqa: DTZ001
        ("", ""),
    ],
)
def test_cell_is_the_text_that_a_person_sees(value, text):
    assert as_text(value) == text
    assert TextsByType()[type(value)][value] == text


def test_equal_values_of_different_types_keep_their_own_text():
    texts = TextsByType()

    assert [texts[type(value)][value] for value in (1.0, True, 1)] == ["1", "TRUE", "1"]


def test_addresses_go_on_after_z():
    assert [address(place, 7) for place in (0, 25, 26, 51, 52, 701, 702)] == [
        *("A7", "Z7", "AA7", "AZ7", "BA7", "ZZ7", "AAA7")
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", package.EMPTY),
        ("Mã,Tên\n316,Vĩnh Bảo\n".encode(), package.TEXT),
        ("Mã;Tên\n".encode("utf-16"), package.TEXT),
        (samples.HTML, package.WEB_PAGE),
        (b"%PDF-1.7 \xff", package.OTHER),
        (samples.png(), package.OTHER),
        (samples.ole("Workbook"), package.OLD),
        (samples.ole("EncryptedPackage", "EncryptionInfo"), package.PASSWORD),
        (samples.ole("WordDocument"), package.OTHER),
        (samples.ole("Workbook")[:700], package.BROKEN),
        (samples.office(), package.OTHER),
        (types_of("application/vnd.ms-excel.sheet.binary.macroEnabled.main"), package.BINARY),
        (macro_book(SMALL), package.MACROS),
        (types_of("application/vnd.ms-excel.sheet.macroEnabled.main+xml"), package.MACROS),
        (SMALL[: len(SMALL) // 2], package.BROKEN),
        (samples.zipped({"a.txt": b"x"}), package.BROKEN),
        (with_part(SMALL, SHEET_1, lambda x: x.replace(b"</sheetData>", b"")), package.BROKEN),
        (with_part(SMALL, "xl/workbook.xml", lambda x: b"<a/>"), package.BROKEN),
        (with_part(SMALL, "xl/workbook.xml", lambda x: b"<!DOCTYPE x>" + x), package.BROKEN),
        (with_part(SMALL, SHEET_1, lambda x: x.decode().encode("utf-16")), package.BROKEN),
    ],
)
def test_what_is_no_readable_workbook_is_refused_in_words(content, said):
    with pytest.raises(UnreadableFile) as refused:
        Book(content).sheet("A")

    assert str(refused.value) == said


@pytest.mark.parametrize("make", [bomb, lying_bomb])
def test_zip_bomb_is_refused_before_it_unpacks(make):
    content = make(SMALL)
    started = time.perf_counter()

    with pytest.raises(UnreadableFile) as refused:
        Book(content)

    assert str(refused.value) in {package.SWOLLEN, package.BROKEN}
    assert time.perf_counter() - started < 5


def test_part_that_is_there_twice_is_refused():
    made = BytesIO(SMALL)
    with (
        pytest.warns(UserWarning, match="Duplicate"),
        zipfile.ZipFile(made, "a") as zipped,
    ):
        zipped.writestr(SHEET_1, b"<worksheet/>")

    with pytest.raises(UnreadableFile):
        Book(made.getvalue())


def test_a_million_formatted_rows_are_no_rows():
    content = million_formatted_rows(["Mã"], ["316"])

    assert Book(content).sheet("Sheet1").rows == [["Mã"], ["316"]]
    trimmed = without_phantoms(content)
    assert len(trimmed) < 10_000
    assert list(load_workbook(BytesIO(trimmed)).active.values) == [("Mã",), ("316",)]


def test_formatted_cell_far_away_does_not_matter():
    book = opened(SMALL)
    book["A"]["XFD1048576"].number_format = "@"

    assert len(Book(saved(book)).sheet("A").rows) == 2


def test_filled_cell_far_away_is_refused_by_its_address():
    book = opened(SMALL)
    book["A"]["XFD1048576"] = " "

    with pytest.raises(UnreadableFile, match="Trang “A” .* ô XFD1048576"):
        Book(saved(book)).sheet("A")


def test_filled_cell_far_away_is_noticed_without_its_address_too():
    """Cells need not say where they stand; the library counts then, and so must the check."""
    cells = b'<row r="900000"><c/><c t="n"><v>1</v></c></row></sheetData>'
    content = with_part(SMALL, SHEET_1, lambda x: x.replace(b"</sheetData>", cells))
    wide = with_part(content, SHEET_1, lambda x: x.replace(b"<c/>", b"<c/>" * 20))

    with pytest.raises(UnreadableFile, match="U900000"):
        Book(wide).sheet("A")


def test_formulas_and_error_values_are_told_by_cell():
    book = Workbook()
    sheet = book.active
    sheet["A1"], sheet["B2"], sheet["C3"] = "Mã", "=1+1", "=A1"
    sheet["D4"] = "#N/A"
    assert sheet["D4"].data_type == "e"

    read = Book(saved(book)).sheet("Sheet")

    assert read.formulas == {(1, 1), (2, 2)}
    assert read.errors == {(3, 3)}


@pytest.mark.parametrize(
    ("value", "kind"), [("=1+1", "formulas"), ("#N/A", "errors")], ids=["formula", "error"]
)
def test_either_alone_is_noticed(value, kind):
    book = opened(SMALL)
    book["A"]["B2"] = value

    assert getattr(Book(saved(book)).sheet("A"), kind) == {(1, 1)}


def test_formulas_are_told_where_tags_have_a_prefix():
    def prefixed(xml: bytes) -> bytes:
        for tag in (b"worksheet", b"sheetData", b"row", b"c", b"v", b"f", b"t", b"is"):
            for opening in (b"<", b"</"):
                for end in (b">", b" ", b"/"):
                    xml = xml.replace(opening + tag + end, opening + b"x:" + tag + end)
        return xml.replace(b"xmlns=", b"xmlns:x=")

    book = opened(SMALL)
    book["A"]["B2"] = "=1+1"

    assert Book(with_part(saved(book), SHEET_1, prefixed)).sheet("A").formulas == {(1, 1)}


def test_merged_cells_and_hidden_rows_are_told():
    book = opened(SMALL)
    book["A"].append(["317", "Cát Hải"])
    book["A"].row_dimensions[2].hidden = True
    book["A"].merge_cells("A5:B7")

    read = Book(saved(book)).sheet("A")

    assert read.merged == (((4, 0), (6, 1)),)
    assert [row[0] for row in read.rows[:3]] == ["Mã", "316", "317"]


def test_giant_merge_is_gone_from_what_is_handed_on():
    book = opened(SMALL)
    book["A"].merge_cells("A5:B7")
    content = with_part(
        saved(book), SHEET_1, lambda x: x.replace(b'ref="A5:B7"', b'ref="A5:XFD1048576"')
    )

    handed_on = load_workbook(BytesIO(without_phantoms(content)))

    assert not handed_on["A"].merged_cells.ranges


def test_phantoms_are_cut_and_nothing_else():
    book = opened(SMALL)
    book["A"]["B9"].number_format = "@"
    book["A"]["A4"] = "=1+1"
    content = saved(book)

    assert list(load_workbook(BytesIO(without_phantoms(content)))["A"].values) == [
        ("Mã", "Tên"),
        ("316", "Vĩnh Bảo"),
        (None, None),
        ("=1+1", None),
    ]


def test_collector_runs_again_after_a_pause_even_one_inside_another():
    with collector_paused(), collector_paused():
        assert not gc.isenabled()
    assert gc.isenabled()

    with pytest.raises(ValueError, match="x"), collector_paused():
        raise ValueError("x")
    assert gc.isenabled()
