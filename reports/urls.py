"""Ordering, following and fetching reports. English names, Vietnamese paths without diacritics."""

from django.urls import path

from reports import file_views, text_views, views

app_name = "reports"
urlpatterns = [
    path("", views.index, name="index"),
    path("da-dat/", views.runs, name="runs"),
    path("dat/", views.order, name="order"),
    path("tai-ve/bang-theo-doi/", file_views.board, name="board-file"),
    path("tai-ve/qua-trinh/<int:pk>/", file_views.trail, name="trail-file"),
    path("bo/<int:pk>/", text_views.words, {"slug": "bao-cao-bo"}, name="ministry"),
    path(
        "loi-van/tham-dinh/<int:pk>/",
        text_views.words,
        {"slug": "bao-cao-tham-dinh"},
        name="appraisal-words",
    ),
    path(
        "loi-van/to-trinh/<int:pk>/",
        text_views.words,
        {"slug": "to-trinh-cong-nhan"},
        name="proposal-words",
    ),
    path(
        "loi-van/don-doc/<int:pk>/",
        text_views.words,
        {"slug": "cong-van-don-doc"},
        name="urging-words",
    ),
    path("<int:pk>/", views.run_page, name="run"),
    path("<int:pk>/tien-do/", views.run_progress, name="run-progress"),
    path("<int:pk>/tai-ve/", views.download, name="download"),
    path("<int:pk>/dung-lai/", views.retry, name="retry"),
    path("<int:pk>/huy/", views.cancel, name="cancel"),
]
