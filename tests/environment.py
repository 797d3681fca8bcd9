"""Loaded by pytest before Django reads its settings: what the environment would give."""

import os
import tempfile

os.environ.setdefault("SECRET_KEY", "only-for-tests-" + "x" * 50)
os.environ.setdefault("ALLOWED_HOSTS", "testserver,localhost,127.0.0.1")
os.environ.setdefault("DEBUG", "1")
os.environ.setdefault("VAR_DIR", tempfile.mkdtemp(prefix="hocxahoi-tests-"))
# Said even when empty, so that a developer's own .env does not decide where the tests run.
os.environ.setdefault("DATABASE_URL", "")
os.environ.setdefault("REDIS_URL", "")
os.environ.setdefault("LOG_FORMAT", "line")
os.environ.setdefault("EMAIL_URL", "consolemail://")
# The browser tests run Django's server thread beside Playwright's event loop.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
