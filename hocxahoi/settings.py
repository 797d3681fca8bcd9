"""One settings file, read from the environment; see `.env.example` for every variable.

Without DATABASE_URL the embedded default is SQLite under `var/`; without REDIS_URL reports
are queued in a folder of their own and built by one local worker process. Nothing falls back
to an unsafe value: outside DEBUG a missing secret stops the start.
"""

import os
from pathlib import Path

import environ
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from kombu import Queue

from hocxahoi.faults import Seldom, report_to_sentry
from hocxahoi.logs import refusals_in_one_line, with_request

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
if (BASE_DIR / ".env").exists():
    env.read_env(BASE_DIR / ".env")

DEBUG = env.bool("DEBUG", default=False)
VAR_DIR = BASE_DIR / env.str("VAR_DIR", default="var")  # an absolute path stands for itself


def _required(name: str) -> str:
    value = env.str(name, default="")
    if not value:
        raise ImproperlyConfigured(
            f"Thiếu biến môi trường {name}. Chép dòng {name}=… từ .env.example vào .env rồi điền."
        )
    return value


SECRET_KEY = _required("SECRET_KEY")
ALLOWED_HOSTS = [host.strip() for host in _required("ALLOWED_HOSTS").split(",") if host.strip()]
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "hocxahoi",
    "upkeep",
    "reports",
    "evaluations",
    "criteria",
    "organisations",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "csp",
]

MIDDLEWARE = [
    "hocxahoi.middleware.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "organisations.uploads.LimitBodyMiddleware",  # before the check that reads the body
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "organisations.middleware.SignInRequiredMiddleware",
    "organisations.middleware.MustChangePasswordMiddleware",
    "organisations.middleware.MustSetUpSecondFactorMiddleware",
    "hocxahoi.middleware.RequestUserMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "hocxahoi.urls"
WSGI_APPLICATION = "hocxahoi.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "hocxahoi.context.navigation",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# --- Data -----------------------------------------------------------------------------------

DATABASE_URL = env.str("DATABASE_URL", default="") or f"sqlite:///{VAR_DIR / 'hocxahoi.sqlite3'}"
DATABASES = {"default": env.db_url_config(DATABASE_URL)}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    VAR_DIR.mkdir(parents=True, exist_ok=True)
    # Measured: without IMMEDIATE, WAL and a timeout most parallel saves fail with "locked".
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=20000;"
        ),
    }
    # A file, as in service: SQLite in memory has no WAL and locks in another way.
    DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / "test.sqlite3")}
else:
    # Measured: compiling a query that looks dear takes seconds, running it milliseconds.
    DATABASES["default"]["OPTIONS"] = {"options": "-c jit=off"}
    if env.bool("DATABASE_POOL", default=False):
        DATABASES["default"]["OPTIONS"]["pool"] = {"min_size": 1, "max_size": 8, "timeout": 10}
    else:
        DATABASES["default"]["CONN_MAX_AGE"] = env.int("DATABASE_CONN_MAX_AGE", default=60)
        DATABASES["default"]["CONN_HEALTH_CHECKS"] = True

# How many days things about people are kept; `upkeep.purging` deletes what is older every night.
# A month is what security level 2 asks for at least, and the database refuses less.
SIGN_IN_LOG_DAYS = env.int("SIGN_IN_LOG_DAYS", default=365)
PROCESSING_LOG_DAYS = env.int("PROCESSING_LOG_DAYS", default=730)
MESSAGES_DAYS = env.int("MESSAGES_DAYS", default=730)
LEAST_DAYS = 31
if min(SIGN_IN_LOG_DAYS, PROCESSING_LOG_DAYS, MESSAGES_DAYS) < LEAST_DAYS:
    raise ImproperlyConfigured(
        "SIGN_IN_LOG_DAYS, PROCESSING_LOG_DAYS, MESSAGES_DAYS: mỗi thời hạn ít nhất là "
        f"{LEAST_DAYS} ngày."
    )

MEDIA_ROOT = BASE_DIR / env.str("MEDIA_ROOT", default=str(VAR_DIR / "media"))
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
EVIDENCE_MAX_BYTES = env.int("EVIDENCE_MAX_MB", default=20) * 1024 * 1024
CLAMD_ADDRESS = env.str("CLAMD_ADDRESS", default="")  # set: nothing unscanned is stored
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
# Everything sent at once to a page that takes files: several of them, where there is no script.
REQUEST_MAX_BYTES = max(10 * EVIDENCE_MAX_BYTES, 100 * 1024 * 1024)
FILE_UPLOAD_HANDLERS = ["organisations.uploads.NoFiles"]  # a view that takes files says so

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / env.str("STATIC_ROOT", default="staticfiles")
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("huong-dan", BASE_DIR / "docs" / "huong-dan" / "anh"),  # pictures of the user's guide
]
# Said outright, since the test runner turns settings.DEBUG off and collects no files.
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = DEBUG
if DEBUG:
    STATICFILES_BACKEND = "django.contrib.staticfiles.storage.StaticFilesStorage"
elif env.bool("COMPRESS_STATIC", default=True):
    STATICFILES_BACKEND = "whitenoise.storage.CompressedManifestStaticFilesStorage"
else:
    STATICFILES_BACKEND = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
FILES_BACKEND = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
S3_BUCKET = env.str("S3_BUCKET", default="")
if S3_BUCKET:
    FILES_BACKEND = {
        "BACKEND": "hocxahoi.s3.Bucket",
        "OPTIONS": {
            "bucket_name": S3_BUCKET,
            "endpoint_url": env.str("S3_ENDPOINT", default="") or None,  # empty: Amazon's own
            "region_name": env.str("S3_REGION", default="") or None,
            "access_key": _required("S3_ACCESS_KEY"),
            "secret_key": _required("S3_SECRET_KEY"),
        },
    }
STORAGES = {
    "default": FILES_BACKEND,
    "staticfiles": {"BACKEND": STATICFILES_BACKEND},
}

# --- Backups --------------------------------------------------------------------------------

_BACKUP_DIR = env.str("BACKUP_DIR", default="")  # empty: the clock makes none
_BACKUP_KEY_FILE = env.str("BACKUP_KEY_FILE", default="")  # empty: they are not encrypted
BACKUP_DIR = BASE_DIR / _BACKUP_DIR if _BACKUP_DIR else None
BACKUP_KEY_FILE = BASE_DIR / _BACKUP_KEY_FILE if _BACKUP_KEY_FILE else None
BACKUP_KEEP = env.str("BACKUP_KEEP", default="7d4w")

# --- People and sign-in ---------------------------------------------------------------------

AUTH_USER_MODEL = "organisations.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = [
    "organisations.passwords.QuietArgon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["username", "full_name", "email"]},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "organisations:sign-in"
LOGIN_REDIRECT_URL = "evaluations:home"
LOGOUT_REDIRECT_URL = "organisations:sign-in"
SESSION_ENGINE = "organisations.sessions"
SESSION_COOKIE_AGE = env.int("IDLE_MINUTES", default=30) * 60
SESSION_SAVE_EVERY_REQUEST = True  # the age counts from the last request: idle sign-out
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # tries while locked do not prolong it
AXES_DISABLE_ACCESS_LOG = True  # SignInEvent tells more, and cannot be rewritten
AXES_USERNAME_CALLABLE = "organisations.lockout.name_for_axes"
AXES_CLIENT_IP_CALLABLE = "organisations.origin.client_ip"
AXES_VERBOSE = False  # no banner at every command
AXES_LOCKOUT_CALLABLE = "organisations.views.session.locked_out"
CSRF_FAILURE_VIEW = "organisations.views.session.csrf_failure"
PASSWORD_RESET_TIMEOUT = 6 * 3600
# Roles that may do nothing before a second factor is set up; organisations.apps refuses others.
SECOND_FACTOR_ROLES = [name.strip() for name in env.list("SECOND_FACTOR_ROLES", default=[])]
OTP_TOTP_THROTTLE_FACTOR = 0  # organisations.limits closes after wrong codes, and says until when

# --- Language -------------------------------------------------------------------------------

LANGUAGE_CODE = "vi"
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True
USE_I18N = True
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["hocxahoi.formats"]

# --- Transport ------------------------------------------------------------------------------

HTTPS = env.bool("HTTPS", default=not DEBUG)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
# Asked from inside, by plain HTTP.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
# How many of our own proxies append to X-Forwarded-For; behind HTTPS there is one at least.
PROXIES_IN_FRONT = env.int("PROXIES_IN_FRONT", default=1 if HTTPS else 0)
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"  # the one page shown in a frame, a preview, opens itself to us
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],  # Bootstrap draws its own marks as data: images
        "object-src": [NONE],
        "frame-ancestors": [SELF],
        "base-uri": [SELF],
        "form-action": [SELF],
    }
}

# --- E-mail ---------------------------------------------------------------------------------

EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
if EMAIL_CONFIG["EMAIL_BACKEND"] == "django.core.mail.backends.smtp.EmailBackend":
    # Django's own cannot tell a letter that was refused from one that may have gone.
    EMAIL_BACKEND = "evaluations.actions.posting.EmailBackend"
elif EMAIL_CONFIG["EMAIL_BACKEND"] == "django.core.mail.backends.filebased.EmailBackend":
    EMAIL_BACKEND = "hocxahoi.mail_folder.EmailBackend"
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="khong-tra-loi@localhost")
EMAIL_TIMEOUT = 20  # seconds; without one a silent server would hold the worker for ever
MAIL_PRACTICE_ROUNDS = env.bool("MAIL_PRACTICE_ROUNDS", default=False)
# What links in mails begin with: a mail is written by a worker, which no browser has called.
_HOST = next((host for host in ALLOWED_HOSTS if host[0] not in "*."), "")
SITE_URL = (
    env.str("SITE_URL", default="") or (_HOST and f"http{'s' if HTTPS else ''}://{_HOST}")
).rstrip("/")

# --- Reports: Celery ------------------------------------------------------------------------

REDIS_URL = env.str("REDIS_URL", default="")
CELERY_QUEUE_DIR = VAR_DIR / "queue"
if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "visibility_timeout": 3600,
        "socket_connect_timeout": 5,
        # One that takes lines and says nothing would hold whoever orders a report for ever; a
        # worker waits a second at a time.
        "socket_timeout": 3,
    }
else:
    (CELERY_QUEUE_DIR / "control").mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_URL = "filesystem://"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(CELERY_QUEUE_DIR),
        "data_folder_out": str(CELERY_QUEUE_DIR),
        "control_folder": str(CELERY_QUEUE_DIR / "control"),
        "polling_interval": 0.5,
    }
    # Killed while it waits, a child process would keep the lock that the next one waits for.
    CELERY_WORKER_POOL = "solo"
# Once more on a new line, since the one that was open may be of a Redis before; then the row says
# that it waits, and the clock sends it.
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_max": 0.2}
CELERY_TASK_IGNORE_RESULT = True  # the outcome is on a row a person can see
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# A process that built something very large gives its memory back. In KiB.
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 400 * 1024
CELERY_TIMEZONE = TIME_ZONE
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_TIME_LIMIT = 3300  # a report says before that why it stopped (`reports/limits.py`)
# An archive lies on the disk of one machine: of several, those with BACKUP_DIR alone make it.
CELERY_TASK_QUEUES = [Queue("celery", routing_key="celery")]
if BACKUP_DIR:
    CELERY_TASK_QUEUES.append(Queue("backup", routing_key="backup"))
CELERY_TASK_ROUTES = {"upkeep.tasks.back_up_everything": {"queue": "backup"}}
CELERY_BEAT_SCHEDULER = "hocxahoi.clock:Clock"
CELERY_BEAT_SCHEDULE = {
    # The folder transport acknowledges nothing: what a dead worker held is found by its age.
    "rescue-stuck-runs": {"task": "reports.tasks.rescue_stuck_runs", "schedule": 60},
    "purge": {
        "task": "upkeep.tasks.purge_overdue",
        "schedule": crontab(hour="3", minute="20"),
    },
    # A step orders its mails at once; this is for those that could not be sent.
    "deliver-mails": {"task": "evaluations.tasks.deliver_mails", "schedule": 300},
    # Every hour, since a person is reminded once a day however often it runs.
    "send-reminders": {
        "task": "evaluations.tasks.send_reminders",
        "schedule": crontab(hour="7-17", minute="5"),
    },
    "verify-integrity": {
        "task": "upkeep.tasks.verify_integrity",
        "schedule": crontab(hour="3", minute="30"),
    },
}
if BACKUP_DIR:
    CELERY_BEAT_SCHEDULE["back-up"] = {
        "task": "upkeep.tasks.back_up_everything",
        "schedule": crontab(hour="1", minute="30"),
    }

# --- Sight: logs, metrics, faults ---------------------------------------------------------------

CELERY_WORKER_HIJACK_ROOT_LOGGER = False  # its lines look like ours and bear the request's id
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")  # empty: there is no /metrics
if METRICS_TOKEN:
    # Read by the library when it is imported. Each web process writes its own file there.
    os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", str(VAR_DIR / "metrics"))
    Path(os.environ["PROMETHEUS_MULTIPROC_DIR"]).mkdir(parents=True, exist_ok=True)
ADMINS = [("Người vận hành", address) for address in env.list("ADMIN_EMAILS", default=[])]
SERVER_EMAIL = DEFAULT_FROM_EMAIL
SENTRY_DSN = env.str("SENTRY_DSN", default="")
if SENTRY_DSN:
    report_to_sentry(SENTRY_DSN)

LOG_FORMAT = env.str("LOG_FORMAT", default="json")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "hocxahoi.logs.Lines"},
        "json": {"()": "hocxahoi.logs.JsonLines"},
    },
    "filters": {
        "request": {"()": "django.utils.log.CallbackFilter", "callback": with_request},
        "refusals": {"()": "django.utils.log.CallbackFilter", "callback": refusals_in_one_line},
        "seldom": {"()": "django.utils.log.CallbackFilter", "callback": Seldom()},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": LOG_FORMAT,
            "filters": ["request", "refusals"],
        },
        "mail": {
            "class": "django.utils.log.AdminEmailHandler",
            "level": "ERROR",
            "formatter": "line",
            "filters": ["request", "seldom"],
            "reporter_class": "hocxahoi.faults.BareTraceback",
        },
    },
    "root": {"handlers": ["console", "mail"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": []},  # its own mail holds forms and cookies
        # Whom it locks out, and where, stands in the log of sign-ins.
        "axes": {"level": "ERROR"},
    },
}
