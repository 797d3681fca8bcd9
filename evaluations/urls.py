"""Pages of rounds, dossiers and evidence. English names, Vietnamese paths without diacritics."""

from django.urls import path

from evaluations.views import (
    appraisal,
    board,
    check,
    documents,
    dossiers,
    evidence,
    home,
    indicators,
    rounds,
)

app_name = "evaluations"
urlpatterns = [
    path("", home.home, name="home"),
    path("bang-theo-doi/", board.board, name="board"),
    path("dot/", rounds.rounds, name="rounds"),
    path("dot/chon/", rounds.choose_round, name="choose-round"),
    path("dot/<int:pk>/", rounds.round_detail, name="round"),
    path("dot/<int:pk>/gia-han/<int:evaluation_pk>/", rounds.extend, name="extend"),
    path("dot/<int:pk>/cach-hieu/<slug:question>/", rounds.adopt_reading, name="adopt-reading"),
    path("ho-so/", dossiers.dossiers, name="dossiers"),
    path("ho-so/<int:pk>/", dossiers.dossier, name="dossier"),
    path("ho-so/<int:pk>/thu-so-khac/", dossiers.what_if, name="what-if"),
    path("ho-so/<int:pk>/qua-trinh/", dossiers.history, name="history"),
    path("ho-so/<int:pk>/chi-bao/<str:code>/", indicators.indicator, name="indicator"),
    path("ho-so/<int:pk>/chi-bao/<str:code>/minh-chung/", evidence.section, name="evidence"),
    path(
        "ho-so/<int:pk>/chi-bao/<str:code>/minh-chung/tai-len/",
        evidence.upload,
        name="upload-evidence",
    ),
    path("ho-so/<int:pk>/chi-bao/<str:code>/minh-chung/chon/", evidence.pick, name="pick-evidence"),
    path(
        "ho-so/<int:pk>/chi-bao/<str:code>/minh-chung/<int:evidence_pk>/",
        evidence.citation,
        name="citation",
    ),
    path(
        "ho-so/<int:pk>/chi-bao/<str:code>/minh-chung/<int:evidence_pk>/bo/",
        evidence.remove_citation,
        name="remove-citation",
    ),
    path(
        "ho-so/<int:pk>/chi-bao/<str:code>/minh-chung/<int:evidence_pk>/ban-moi/",
        evidence.use_newest,
        name="use-newest",
    ),
    path("ho-so/<int:pk>/kiem-tra/", check.check_page, name="check"),
    path("ho-so/<int:pk>/buoc/<slug:step_name>/", check.take_step, name="take-step"),
    path("minh-chung/", documents.documents, name="documents"),
    path("minh-chung/<int:pk>/", documents.document, name="document"),
    path("minh-chung/<int:pk>/tep/", documents.add_files, name="add-files"),
    path("minh-chung/tep/<int:pk>/", documents.download_file, name="download-file"),
    path("minh-chung/tep/<int:pk>/xem/", documents.preview_file, name="preview-file"),
    path("minh-chung/tep/<int:pk>/trang/", documents.preview_page, name="preview-page"),
    path("tham-dinh/", appraisal.appraisals, name="appraisals"),
    path("tham-dinh/<int:pk>/", appraisal.dossier, name="appraise-dossier"),
    path("tham-dinh/<int:pk>/chap-nhan-con-lai/", appraisal.accept_rest, name="accept-rest"),
    path("tham-dinh/<int:pk>/chi-bao/<str:code>/", appraisal.indicator, name="appraise"),
    path("tham-dinh/<int:pk>/chi-bao/<str:code>/hieu-la/", appraisal.echo, name="appraisal-echo"),
]
