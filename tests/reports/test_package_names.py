import pytest

from reports.package.names import safe_file_name, safe_name, told_apart


@pytest.mark.parametrize(
    ("typed", "safe"),
    [
        ("Báo cáo kết quả năm 2022", "Báo cáo kết quả năm 2022"),
        ("12/KH-UBND", "12-KH-UBND"),
        ("Thu\u0309y", "Thủy"),  # NFD comes out as NFC
        ("../../etc/passwd", "-..-etc-passwd"),
        ("..", "khong-ten"),
        (" . ", "khong-ten"),
        ("", "khong-ten"),
        ("a\nb\tc", "a b c"),
        ("con", "_con"),
        ("AUX.txt", "_AUX.txt"),
        ("COM¹", "_COM¹"),
        ("Console", "Console"),
        ('về việc "học tập"?', "về việc ”học tập”"),
        ("C:\\x", "C--x"),
        ("bao\u202efdp.exe", "baofdp.exe"),
        ("kết thúc bằng chấm...", "kết thúc bằng chấm"),
        ("\ud800x", "x"),
    ],
)
def test_name_can_be_unpacked_anywhere(typed, safe):
    assert safe_name(typed) == safe


@pytest.mark.parametrize(
    ("typed", "safe"),
    [
        ("bao-cao.pdf", "bao-cao.pdf"),
        ("a" * 300 + ".pdf", "a" * 76 + ".pdf"),
        ("NUL.pdf", "_NUL.pdf"),
        ("tên  .pdf", "tên.pdf"),
        ("không đuôi", "không đuôi"),
        ("v1.2 bản cuối cùng của huyện", "v1.2 bản cuối cùng của huyện"),
        (".pdf", "pdf"),
    ],
)
def test_file_keeps_its_ending(typed, safe):
    assert safe_file_name(typed) == safe


def test_long_name_fits_a_file_system_in_bytes():
    name = safe_file_name("𠀀" * 300 + ".pdf")

    assert len(name.encode()) <= 210
    assert name.endswith("𠀀.pdf")


def test_cut_falls_between_words():
    assert safe_name("Kế hoạch kiểm tra giám sát", 18) == "Kế hoạch kiểm tra"
    assert safe_name("Kế hoạch kiểm tra giám sát", 17) == "Kế hoạch kiểm tra"
    assert safe_file_name("Kế hoạch kiểm tra giám sát.pdf", 20) == "Kế hoạch kiểm.pdf"


def test_cut_leaves_no_letter_without_its_mark():
    assert safe_name("a" * 59 + "x\u0331" + "b") == "a" * 59


def test_second_of_a_name_is_told_apart_as_windows_sees_it():
    paths = ["1/a/x.pdf", "1/a/X.PDF", "1/a/x (2).pdf", "1/b/x.pdf"]

    assert told_apart(paths) == ["1/a/x.pdf", "1/a/X (2).PDF", "1/a/x (2) (2).pdf", "1/b/x.pdf"]
    # What only has a dot in it has no ending, neither here nor where names are cut.
    assert told_apart(["1/số 1.2 của Sở GDĐT"] * 2)[1] == "1/số 1.2 của Sở GDĐT (2)"
