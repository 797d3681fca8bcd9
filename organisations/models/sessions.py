"""Sessions of signed-in people, in the one table that the session engine reads and writes."""

from datetime import timedelta

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession, BaseSessionManager
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac


class SessionQuerySet(models.QuerySet):
    def open_of(self, person):
        """Where this person is signed in now, the latest sign-in first."""
        alive = self.filter(person=person, expire_date__gt=timezone.now())
        return alive.order_by(models.F("started_at").desc(nulls_last=True), "session_key")


class Session(AbstractBaseSession):
    """A browser's session (phiên): whose it is and where it began, once somebody has signed in.

    It is listed exactly as long as it works, since the list and the engine read one row.
    """

    session_key = models.CharField("khóa phiên", max_length=40, primary_key=True)
    session_data = models.TextField("nội dung phiên")
    expire_date = models.DateTimeField("hết hạn lúc", db_index=True)
    person = models.ForeignKey(
        "organisations.User",
        models.CASCADE,
        null=True,
        related_name="sessions",
        verbose_name="người dùng",
    )
    started_at = models.DateTimeField("đăng nhập lúc", null=True)
    ip = models.GenericIPAddressField("địa chỉ mạng", null=True)
    browser = models.CharField("trình duyệt", max_length=60, blank=True)

    objects = BaseSessionManager.from_queryset(SessionQuerySet)()

    class Meta:
        verbose_name = "phiên đăng nhập"
        verbose_name_plural = "phiên đăng nhập"

    def __str__(self):
        return f"{self.person}: {self.browser}"

    @classmethod
    def get_session_store_class(cls):
        from organisations.sessions import SessionStore

        return SessionStore

    @property
    def handle(self) -> str:
        """Names the session on a page; the key itself would open it."""
        digest = salted_hmac("organisations.session", self.session_key, algorithm="sha256")
        return digest.hexdigest()[:20]

    @property
    def seen_at(self):
        """The last request: every one puts the end off by the idle time."""
        return self.expire_date - timedelta(seconds=settings.SESSION_COOKIE_AGE)
