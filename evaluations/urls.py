"""Pages of rounds, dossiers and evidence. English names, Vietnamese paths without diacritics."""

from django.urls import path, register_converter

from evaluations.views import (
    appraisal,
    appraisals,
    board,
    check,
    city,
    council,
    counted,
    decisions,
    documents,
    dossiers,
    evidence,
    history,
    home,
    indicators,
    inspection_files,
    inspections,
    notices,
    point_sets,
    registers,
    round_calendar,
    round_plans,
    round_running,
    rounds,
    sheet_evidence,
    sheet_steps,
    sheets,
    titles,
    unit_results,
    workbooks,
)


class CodeConverter:
    """A code as the sets write it, "2.1.2"; what else stands there leads to no page."""

    regex = r"[\w.-]+"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(CodeConverter, "code")

app_name = "evaluations"
urlpatterns = [
    path("", home.home, name="home"),
    path("bang-theo-doi/", board.board, name="board"),
    path("dot/", rounds.rounds, name="rounds"),
    path("dot/chon/", rounds.choose_round, name="choose-round"),
    path("dot/<int:pk>/", rounds.round_detail, name="round"),
    path("dot/lap/", round_plans.new_round, name="new-round"),
    path("dot/<int:pk>/sua/", round_plans.change_round, name="change-round"),
    path("dot/<int:pk>/don-vi/", round_plans.participants, name="participants"),
    path("dot/<int:pk>/mo/", round_plans.open_round, name="open-round"),
    path("dot/<int:pk>/chep/", round_plans.copy_round, name="copy-round"),
    path("dot/<int:pk>/lich/", round_calendar.calendar, name="calendar"),
    path(
        "dot/<int:pk>/lich/<int:milestone_pk>/",
        round_calendar.change_milestone,
        name="change-milestone",
    ),
    path(
        "dot/<int:pk>/lich/<int:milestone_pk>/bo/",
        round_calendar.remove_milestone,
        name="remove-milestone",
    ),
    path("dot/<int:pk>/them-don-vi/", round_running.join, name="join-round"),
    path("dot/<int:pk>/rut-don-vi/<int:evaluation_pk>/", round_running.leave, name="leave-round"),
    path("dot/<int:pk>/dong/", round_running.close, name="close-round"),
    path("dot/<int:pk>/mo-lai/", round_running.reopen, name="reopen-round"),
    path("dot/<int:pk>/gia-han/<int:evaluation_pk>/", round_running.extend, name="extend"),
    path(
        "dot/<int:pk>/cach-hieu/<slug:question>/",
        round_running.adopt_reading,
        name="adopt-reading",
    ),
    path(
        "dot/<int:pk>/bieu-diem/<slug:code>/<int:version>/",
        point_sets.adopt,
        name="adopt-points",
    ),
    # Beside the catalogue's own page of the set, which knows no administrator.
    path(
        "bo-tieu-chi/bieu-diem/<slug:code>/<int:version>/ban-moi/",
        point_sets.new_version,
        name="new-points",
    ),
    path("thong-bao/", notices.notices, name="notices"),
    path("thong-bao/da-doc/", notices.read_all, name="read-all-notices"),
    path("thong-bao/<int:pk>/", notices.open_notice, name="open-notice"),
    path("thong-bao/<int:pk>/da-doc/", notices.read_notice, name="read-notice"),
    path("ho-so/", dossiers.dossiers, name="dossiers"),
    path("ho-so/<int:pk>/", dossiers.dossier, name="dossier"),
    path("ho-so/<int:pk>/thu-so-khac/", dossiers.what_if, name="what-if"),
    path("ho-so/<int:pk>/qua-trinh/", history.history, name="history"),
    path("ho-so/<int:pk>/qua-trinh/lan-gui/<int:number>/", history.submission, name="submission"),
    path("ho-so/<int:pk>/chi-bao/<code:code>/", indicators.indicator, name="indicator"),
    path(
        "ho-so/<int:pk>/chi-bao/<code:code>/danh-sach/",
        counted.counted_units,
        name="counted-units",
    ),
    path("ho-so/<int:pk>/chi-bao/<code:code>/minh-chung/", evidence.section, name="evidence"),
    path(
        "ho-so/<int:pk>/chi-bao/<code:code>/minh-chung/tai-len/",
        evidence.upload,
        name="upload-evidence",
    ),
    path(
        "ho-so/<int:pk>/chi-bao/<code:code>/minh-chung/chon/", evidence.pick, name="pick-evidence"
    ),
    path(
        "ho-so/<int:pk>/chi-bao/<code:code>/minh-chung/<int:evidence_pk>/",
        evidence.citation,
        name="citation",
    ),
    path(
        "ho-so/<int:pk>/chi-bao/<code:code>/minh-chung/<int:evidence_pk>/bo/",
        evidence.remove_citation,
        name="remove-citation",
    ),
    path(
        "ho-so/<int:pk>/chi-bao/<code:code>/minh-chung/<int:evidence_pk>/ban-moi/",
        evidence.use_newest,
        name="use-newest",
    ),
    path("ho-so/<int:pk>/phan-viec/", city.own_part, name="own-part"),
    path("ho-so/<int:pk>/phan-cong/", city.assignments, name="assignments"),
    path("ho-so/<int:pk>/phan-cong/<code:code>/", city.assign, name="assign"),
    path("ho-so/<int:pk>/chi-bao/<code:code>/ban-giao/", city.hand_over, name="hand-over"),
    path("ho-so/<int:pk>/chi-bao/<code:code>/tra-lai/", city.return_part, name="return-part"),
    path("ho-so/<int:pk>/kiem-tra/", check.check_page, name="check"),
    path("ho-so/<int:pk>/buoc/<slug:step_name>/", check.take_step, name="take-step"),
    path("ket-qua-don-vi/", registers.registers, name="registers"),
    path("ket-qua-don-vi/dong/<int:pk>/", unit_results.unit_result, name="unit-result"),
    path(
        "ket-qua-don-vi/dong/<int:pk>/luu/", unit_results.save_unit_result, name="save-unit-result"
    ),
    path("ket-qua-don-vi/dong/<int:pk>/ngung/", unit_results.close_unit, name="close-unit"),
    path("ket-qua-don-vi/dong/<int:pk>/bo/", unit_results.take_out_unit, name="take-out-unit"),
    path("ket-qua-don-vi/danh-hieu/<int:pk>/luu/", titles.save, name="save-titles"),
    # Before the kinds of registers: the word would be one of them.
    path("ket-qua-don-vi/<int:round_pk>/<int:owner_pk>/danh-hieu/", titles.titles, name="titles"),
    path(
        "ket-qua-don-vi/<int:round_pk>/<int:owner_pk>/mau-excel/",
        workbooks.register_template,
        name="register-template",
    ),
    path(
        "ket-qua-don-vi/<int:round_pk>/<int:owner_pk>/nap-excel/",
        workbooks.upload_results,
        name="upload-results",
    ),
    path("ket-qua-don-vi/nap-excel/<int:pk>/", workbooks.result_upload, name="result-upload"),
    path("ket-qua-don-vi/nap-excel/<int:pk>/tep-loi/", workbooks.error_file, name="error-file"),
    path("ket-qua-don-vi/nap-excel/<int:pk>/ghi/", workbooks.apply_upload, name="apply-upload"),
    path("ket-qua-don-vi/nap-excel/<int:pk>/bo/", workbooks.drop_upload, name="drop-upload"),
    path(
        "ket-qua-don-vi/<int:round_pk>/<int:owner_pk>/<slug:kind>/",
        registers.register,
        name="register",
    ),
    path(
        "ket-qua-don-vi/<int:round_pk>/<int:owner_pk>/<slug:kind>/them/",
        registers.add_unit,
        name="add-unit",
    ),
    path(
        "ket-qua-don-vi/<int:round_pk>/<int:owner_pk>/<slug:kind>/bo-sung/",
        registers.enter_known_units,
        name="enter-known-units",
    ),
    path("phieu-tu-cham/", sheets.sheets, name="sheets"),
    path("phieu-tu-cham/<int:pk>/", sheets.sheet, name="sheet"),
    path(
        "phieu-tu-cham/<int:pk>/buoc/<slug:step_name>/",
        sheet_steps.take_step,
        name="take-sheet-step",
    ),
    path(
        "phieu-tu-cham/<int:pk>/minh-chung/<code:code>/",
        sheet_evidence.section,
        name="sheet-evidence",
    ),
    path(
        "phieu-tu-cham/<int:pk>/minh-chung/<code:code>/tai-len/",
        sheet_evidence.upload,
        name="upload-sheet-evidence",
    ),
    path(
        "phieu-tu-cham/<int:pk>/minh-chung/<code:code>/chon/",
        sheet_evidence.pick,
        name="pick-sheet-evidence",
    ),
    path(
        "phieu-tu-cham/<int:pk>/minh-chung/<code:code>/<int:evidence_pk>/",
        sheet_evidence.citation,
        name="sheet-citation",
    ),
    path(
        "phieu-tu-cham/<int:pk>/minh-chung/<code:code>/<int:evidence_pk>/bo/",
        sheet_evidence.remove_citation,
        name="remove-sheet-citation",
    ),
    path(
        "phieu-tu-cham/<int:pk>/minh-chung/<code:code>/<int:evidence_pk>/ban-moi/",
        sheet_evidence.use_newest,
        name="use-newest-in-sheet",
    ),
    path("minh-chung/", documents.documents, name="documents"),
    path("minh-chung/<int:pk>/", documents.document, name="document"),
    path("minh-chung/<int:pk>/tep/", documents.add_files, name="add-files"),
    path("minh-chung/tep/<int:pk>/", documents.download_file, name="download-file"),
    path("minh-chung/tep/<int:pk>/xem/", documents.preview_file, name="preview-file"),
    path("minh-chung/tep/<int:pk>/trang/", documents.preview_page, name="preview-page"),
    path("phien-hop/", council.sessions, name="sessions"),
    path("phien-hop/lap/", council.plan_session, name="plan-session"),
    path("phien-hop/<int:pk>/", council.session, name="session"),
    path("phien-hop/<int:pk>/sua/", council.change_session, name="change-session"),
    path("phien-hop/<int:pk>/bien-ban/", council.minutes, name="minutes"),
    path("phien-hop/<int:pk>/ket-thuc/", council.close_session, name="close-session"),
    path("phien-hop/<int:pk>/ho-so/<int:item_pk>/", council.session_item, name="session-item"),
    path("kiem-tra/", inspections.inspections, name="inspections"),
    path("kiem-tra/rut-tham/<int:evaluation_pk>/", inspections.draw, name="draw-inspection"),
    path("kiem-tra/<int:pk>/", inspections.inspection, name="inspection"),
    path("kiem-tra/<int:pk>/cach-rut/", inspections.how_drawn, name="how-drawn"),
    path("kiem-tra/<int:pk>/in/", inspections.print_inspection, name="print-inspection"),
    path("kiem-tra/<int:pk>/ghi/", inspections.record, name="record-inspection"),
    path("kiem-tra/<int:pk>/ket-thuc/", inspections.close, name="close-inspection"),
    path("kiem-tra/<int:pk>/dua-vao/<code:code>/", inspections.feed, name="feed-inspection"),
    path("kiem-tra/<int:pk>/bien-ban/", inspection_files.attach, name="attach-minutes"),
    path(
        "kiem-tra/<int:pk>/bien-ban/<int:scan_pk>/",
        inspection_files.download,
        name="download-minutes",
    ),
    path(
        "kiem-tra/<int:pk>/bien-ban/<int:scan_pk>/xem/",
        inspection_files.preview,
        name="preview-minutes",
    ),
    path("quyet-dinh/", decisions.decisions, name="decisions"),
    path("quyet-dinh/ghi/", decisions.record_decision, name="record-decision"),
    path("quyet-dinh/<int:pk>/", decisions.decision, name="decision"),
    path("quyet-dinh/<int:pk>/thay/", decisions.correct_decision, name="correct-decision"),
    path("quyet-dinh/<int:pk>/tep/", decisions.download_decision, name="download-decision"),
    path("quyet-dinh/<int:pk>/tep/xem/", decisions.preview_decision, name="preview-decision"),
    path("dot/<int:pk>/cong-nhan/", decisions.recognised, name="recognised"),
    path("tham-dinh/", appraisals.appraisals, name="appraisals"),
    path("tham-dinh/<int:pk>/", appraisal.dossier, name="appraise-dossier"),
    path("tham-dinh/<int:pk>/chap-nhan-con-lai/", appraisal.accept_rest, name="accept-rest"),
    path("tham-dinh/<int:pk>/chi-bao/<code:code>/", appraisal.indicator, name="appraise"),
    path("tham-dinh/<int:pk>/chi-bao/<code:code>/hieu-la/", appraisal.echo, name="appraisal-echo"),
]
