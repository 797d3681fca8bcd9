from django.contrib import admin
from django.urls import include, path

from hocxahoi import views

handler400 = "hocxahoi.views.bad_request"
handler500 = "hocxahoi.views.server_error"

urlpatterns = [
    path("healthz", views.alive, name="alive"),
    path("readyz", views.ready, name="ready"),
    path("metrics", views.metrics, name="metrics"),
    path("", include("evaluations.urls")),
    path("", include("organisations.urls")),
    path("bo-tieu-chi/", include("criteria.urls")),
    path("bao-cao/", include("reports.urls")),
    path("kiem-tra-ban-in/", include("reports.print_urls")),
    path("huong-dan/", views.guide, name="guide"),
    path("huong-dan/<slug:slug>/", views.guide, name="guide-chapter"),
    path("tinh-trang/", include("upkeep.urls")),
    path("quan-tri-he-thong/", admin.site.urls),
]
