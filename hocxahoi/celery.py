import os

from celery import Celery
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hocxahoi.settings")

TRANSPORT_ALIASES["filesystem"] = "hocxahoi.queue_folder:Transport"

app = Celery("hocxahoi")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
