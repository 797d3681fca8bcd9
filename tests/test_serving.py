"""What gunicorn does with each of its processes before the first request."""

import gc
import runpy

from django.conf import settings


def test_a_worker_sets_aside_what_every_request_shares(monkeypatch):
    hooks = runpy.run_path(str(settings.BASE_DIR / "gunicorn.conf.py"))
    monkeypatch.setattr(gc, "collect", lambda: 0)  # of other tests' garbage, that may warn

    hooks["post_worker_init"](None)
    frozen = gc.get_freeze_count()
    gc.unfreeze()

    assert frozen > 0
