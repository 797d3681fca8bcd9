import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hocxahoi.settings")

app = Celery("hocxahoi")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
