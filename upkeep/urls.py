from django.urls import path

from upkeep import views

app_name = "upkeep"

urlpatterns = [path("", views.standing_page, name="standing")]
