"""The session engine: Django's own on the database, which also knows whose a session is."""

from datetime import datetime

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

STARTED_AT = "started_at"
IP = "ip"
BROWSER = "browser"


class SessionStore(DatabaseStore):
    @classmethod
    def get_model_class(cls):
        from organisations.models import Session

        return Session

    def create_model_instance(self, data):
        """What `signing_in.enter` has put into the session, in columns that can be asked for."""
        session = super().create_model_instance(data)
        session.person_id = data.get(SESSION_KEY)
        if STARTED_AT in data:
            session.started_at = datetime.fromisoformat(data[STARTED_AT])
            session.ip = data[IP]
            session.browser = data[BROWSER]
        return session
