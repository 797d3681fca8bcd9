"""Where the QR code on a print leads: short, since it has to fit into the code."""

from django.urls import path

from reports import print_views

app_name = "prints"
urlpatterns = [
    path("", print_views.check_print, name="check"),
    path("<int:number>/", print_views.check_print, name="check-number"),
]
