import gc

from hocxahoi.celery import app as celery_app

# A page over many dossiers holds tens of thousands of rows for a moment. Python's default walks
# all of them again after every 700 new objects, a third of the time that reading levels takes.
gc.set_threshold(20_000, 20, 20)

__all__ = ["celery_app"]
