"""The session engine: Django's own on the database, which also knows whose a session is."""

from datetime import datetime

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import VALID_KEY_CHARS, UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import InterfaceError, OperationalError

KEY_CHARACTERS = frozenset(VALID_KEY_CHARS)
STARTED_AT = "started_at"
IP = "ip"
BROWSER = "browser"


class SessionStore(DatabaseStore):
    @classmethod
    def get_model_class(cls):
        from organisations.models import Session

        return Session

    def _validate_session_key(self, key):
        """A cookie may say anything, a NUL as well, which PostgreSQL takes in no text."""
        return super()._validate_session_key(key) and set(key) <= KEY_CHARACTERS

    def create_model_instance(self, data):
        """What `signing_in.enter` has put into the session, in columns that can be asked for."""
        session = super().create_model_instance(data)
        session.person_id = data.get(SESSION_KEY)
        if STARTED_AT in data:
            session.started_at = datetime.fromisoformat(data[STARTED_AT])
            session.ip = data[IP]
            session.browser = data[BROWSER]
        return session

    def save(self, must_create=False):
        """Django takes whatever keeps it from saving for a session deleted meanwhile, and answers
        that the request was bad and changed nothing. The view has written by then: a database
        that went away, or is full, is a fault and answered as one."""
        try:
            super().save(must_create)
        except UpdateError as error:
            if isinstance(error.__context__, (OperationalError, InterfaceError)):
                raise error.__context__ from None
            raise
