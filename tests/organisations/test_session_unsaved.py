"""The session cannot be written at the end of a request whose view has written already."""

from http import HTTPStatus

import pytest
from django.db import DatabaseError, OperationalError, connection
from django.db.backends.utils import CursorWrapper
from django.test import Client

from organisations.models import Session


@pytest.fixture
def signed_in(db, editor):
    client = Client(raise_request_exception=False)
    client.force_login(editor)
    return client


def test_database_that_fails_is_a_fault_and_no_bad_request(signed_in, monkeypatch):
    """The page of a bad request says that nothing was changed."""
    table, execute = Session._meta.db_table, CursorWrapper.execute

    def full(cursor, sql, params=None):
        if sql.startswith("UPDATE") and table in sql:
            raise OperationalError("could not extend file: No space left on device")
        return execute(cursor, sql, params)

    monkeypatch.setattr(CursorWrapper, "execute", full)
    answer = signed_in.get("/tai-khoan/")

    assert answer.status_code == HTTPStatus.INTERNAL_SERVER_ERROR
    assert "vẫn còn" in answer.content.decode()


def test_session_ended_meanwhile_stays_a_bad_request(signed_in, monkeypatch):
    def ended(self, *args, **kwargs):
        raise DatabaseError("Forced update did not affect any rows.")

    monkeypatch.setattr(Session, "save", ended)
    assert signed_in.get("/tai-khoan/").status_code == HTTPStatus.BAD_REQUEST
    assert not connection.needs_rollback
