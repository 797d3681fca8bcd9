from django.urls import path

from criteria import views

app_name = "criteria"
urlpatterns = [
    path("", views.index, name="index"),
    path("bieu-diem/<slug:code>/<int:version>/", views.points, name="points"),
    path("<slug:code>/", views.detail, name="detail"),
]
