import json
from datetime import datetime
from io import BytesIO
from pathlib import Path
from unicodedata import is_normalized

import pytest
from django.utils import timezone
from pypdf import PdfReader
from weasyprint.text import fonts

from reports import renderers
from reports.renderers import (
    CannotRender,
    Stamp,
    render_pdf,
    static_base,
    static_only,
)
from tests.factories import make_complete_dossier, make_district, make_dossier, make_round
from tests.reports.conftest import appraise, submit

MM = 72 / 25.4
STAMP = Stamp(timezone.make_aware(datetime(2022, 12, 14, 8, 5)), "3fa9" * 16, 12)  # noqa: DTZ001
LONG = "Ủy ban nhân dân huyện chỉ đạo, kiểm tra việc xây dựng xã hội học tập ở cơ sở. "


def pdf_of(report, subject):
    content = json.loads(json.dumps(report.content(subject)))
    told = []
    made = render_pdf(report, content, STAMP, told.append)
    return PdfReader(BytesIO(made)), told, content


def text_of(page):
    """One run of text; where a line is broken is the layout's business."""
    return " ".join(page.extract_text().replace("\n", " ").split(" "))


@pytest.fixture
def long_dossier(district, leader):
    """One with several pages, evidence on pages of its own, and a page of explanation."""
    evaluation = make_complete_dossier(district)
    evaluation.results.update(explanation=LONG * 12, obstacle="Thu thập thủ công")
    return submit(evaluation, leader)


def test_self_assessment_is_an_official_paper(self_assessment, long_dossier):
    reader, told, _ = pdf_of(self_assessment, long_dossier)
    pages = [text_of(page) for page in reader.pages]
    whole = " ".join(pages)

    assert is_normalized("NFC", whole)
    for phrase in [
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "BÁO CÁO Kết quả tự đánh giá công nhận huyện học tập năm 2022",
        "Kính gửi: Ủy ban nhân dân thành phố Hải Phòng (qua Sở Giáo dục và Đào tạo)",
        "II. KẾT QUẢ TỪNG TIÊU CHÍ",
        "Nội dung đầy đủ của chỉ báo 2.1.2",
        "DANH MỤC MINH CHỨNG",
        "Nơi nhận:",
    ]:
        assert phrase in whole
    assert "Bản nháp" not in whole
    assert "Dàn trang 1" in told[0]
    assert reader.metadata.title == "Báo cáo tự đánh giá – Huyện Vĩnh Bảo – 2022"
    assert reader.trailer["/Root"]["/Lang"] == "vi"
    assert all("Lượt in số 12, 08:05 ngày 14/12/2022" in page for page in pages)


def test_a_print_that_was_stopped_leaves_no_half_loaded_font_to_the_next(
    self_assessment, dossier, monkeypatch
):
    class Stopped(Exception):
        pass

    class OutOfTime:
        """The library that fonts are told to; time is up at the first of them."""

        told = []

        def __getattr__(self, name):
            return getattr(fontconfig, name)

        def FcConfigAppFontAddFile(self, config, path):
            self.told.append(Path(path.decode()).name)
            if len(self.told) == 1:
                raise Stopped
            return fontconfig.FcConfigAppFontAddFile(config, path)

    fontconfig = fonts.fontconfig
    monkeypatch.setattr(fonts, "fontconfig", OutOfTime())
    renderers._fonts.cache_clear()
    subject = self_assessment.all_subjects().get(pk=dossier.pk)
    with pytest.raises(Stopped):
        pdf_of(self_assessment, subject)

    pdf_of(self_assessment, subject)

    first, *later = OutOfTime.told
    assert first in later


def test_draft_and_practice_are_marked_on_every_page(self_assessment, district):
    evaluation = make_complete_dossier(district, pilot_round=make_round(is_practice=True))
    reader, _, _ = pdf_of(self_assessment, self_assessment.all_subjects().get(pk=evaluation.pk))
    pages = [text_of(page) for page in reader.pages]

    assert "BẢN NHÁP, CHƯA GỬI" in pages[0]
    assert "SỐ LIỆU TẬP HUẤN" in pages[0]
    assert all("Bản nháp, chưa gửi; Số liệu tập huấn" in page for page in pages)


def test_summary_is_printed_across(summary):
    pilot_round = make_round()
    submit(make_complete_dossier(make_district("Huyện Thủy Nguyên", "1"), pilot_round=pilot_round))
    make_complete_dossier(make_district("Quận Dương Kinh", "2"), pilot_round=pilot_round)

    reader, _, _ = pdf_of(summary, pilot_round)

    box = reader.pages[0].mediabox
    assert (round(box.width / MM), round(box.height / MM)) == (297, 210)
    text = text_of(reader.pages[0])
    assert "Huyện Thủy Nguyên Tự đánh giá Đạt 76,7 % 90,2 % Đạt Đạt 1" in text
    assert "Quận Dương Kinh Chưa gửi" in text


def test_summary_marks_what_the_appraisal_changed(summary, appraiser):
    pilot_round = make_round()
    appraise(submit(make_complete_dossier(pilot_round=pilot_round)), appraiser)

    reader, _, _ = pdf_of(summary, pilot_round)

    text = " ".join(text_of(page) for page in reader.pages)
    assert "66,7 %*" in text
    assert "→ 20/30 = 66,7 % (dưới ngưỡng). Lý do: Hai xã chưa có quyết định" in text
    assert "76,7 % *" not in text


@pytest.mark.parametrize("count", [15, 18, 20])  # all on a page; one too many; more so
def test_key_and_signature_of_the_summary_never_stand_alone(summary, count):
    pilot_round = make_round()
    for number in range(1, count + 1):
        unit = make_district(f"Huyện Số {number:02d}", f"{number:02d}")
        make_dossier(unit, pilot_round=pilot_round)

    reader, _, _ = pdf_of(summary, pilot_round)

    last = text_of(reader.pages[-1])
    assert "1.1.1: Nhiệm vụ trong kế hoạch" in last
    assert f"{count} Huyện Số {count} Chưa gửi" in last
    assert len(reader.pages) == (1 if count == 15 else 2)


def test_nothing_but_our_static_files_is_opened(tmp_path):
    fetcher = static_only()
    secret = tmp_path / "secret.css"
    secret.write_text("x")

    ours = fetcher.fetch((static_base() / "css" / "report-print.css").as_uri())
    assert b"@page" in ours.read()
    for url in [
        secret.as_uri(),
        f"{static_base().as_uri()}/../manage.py",
        f"{static_base().as_uri()}/%2e%2e/manage.py",
        "http://127.0.0.1/x.css",
        "data:text/css,x",
    ]:
        with pytest.raises(ValueError, match="static files"):
            fetcher.fetch(url)


def test_what_people_write_is_text_and_never_markup(self_assessment, dossier):
    dossier.results.update(explanation='<img src="file:///etc/passwd"><b>đậm</b> & “ngoặc”')

    reader, _, _ = pdf_of(self_assessment, self_assessment.all_subjects().get(pk=dossier.pk))

    whole = " ".join(text_of(page) for page in reader.pages)
    assert '<img src="file:///etc/passwd"><b>đậm</b> & “ngoặc”' in whole


def test_missing_libraries_are_said_in_one_line(monkeypatch, self_assessment, dossier):
    def broken(name, *args, **kwargs):
        if name == "weasyprint":
            raise OSError("cannot load library 'libpango-1.0-0'")
        return original(name, *args, **kwargs)

    original = __import__
    monkeypatch.setattr("builtins.__import__", broken)

    with pytest.raises(CannotRender, match="apt-get install libpango-1.0-0 libpangoft2-1.0-0"):
        renderers._weasyprint()
