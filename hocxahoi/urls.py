from django.contrib import admin
from django.urls import include, path

from hocxahoi import views

handler500 = "hocxahoi.views.server_error"

urlpatterns = [
    path("khoe/", views.health, name="health"),
    path("", include("evaluations.urls")),
    path("", include("organisations.urls")),
    path("bo-tieu-chi/", include("criteria.urls")),
    path("bao-cao/", include("reports.urls")),
    path("quan-tri-he-thong/", admin.site.urls),
]
