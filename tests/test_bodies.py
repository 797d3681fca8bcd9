"""How much may come in with a request, and that what was cut off on the way is no request."""

from io import BytesIO
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client, RequestFactory
from django.test.client import ClientHandler

from hocxahoi.bodies import WholeBody, whole_bodies
from hocxahoi.wsgi import application

SIGN_IN = "/dang-nhap/"
CHECK_PRINT = "/kiem-tra-ban-in/"
MEGABYTE = 1024**2


class Untouched(BytesIO):
    """A body that nobody may read a byte of."""

    def read(self, *args):
        raise AssertionError("the body was read")

    readline = read


def sized(client, path, size):
    """A request that states that size."""
    return client.generic(
        "POST",
        path,
        CONTENT_TYPE="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(size),
        **{"wsgi.input": Untouched()},
    )


def words(response) -> str:
    return response.content.decode().replace("\xa0", " ")


@pytest.mark.parametrize(
    ("path", "limit"),
    [(SIGN_IN, "5 MB"), ("/quan-tri-he-thong/login/", "5 MB"), (CHECK_PRINT, "200 MB")],
)
def test_too_large_a_request_is_refused_unread(db, path, limit):
    response = sized(Client(), path, 5 * 1024**3)

    assert response.status_code == 413
    assert f"Một lần gửi nhiều nhất {limit}" in words(response)


def test_the_limit_itself_is_let_through(db, settings):
    settings.REQUEST_MAX_BYTES = MEGABYTE

    with pytest.raises(AssertionError, match="the body was read"):
        sized(Client(), CHECK_PRINT, MEGABYTE)


def test_what_a_page_did_not_ask_for_is_let_go(settings, tmp_path, monkeypatch):
    """Anybody can send a file to the page of signing in; it must not come to lie anywhere."""
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    content = b"x" * (3 * MEGABYTE)  # what Django else writes to a disk

    request = RequestFactory().post(
        SIGN_IN, {"file": SimpleUploadedFile("a.pdf", content), "username": "lan"}
    )

    assert dict(request.POST) == {"username": ["lan"]}
    assert not request.FILES
    assert list(tmp_path.iterdir()) == []


def test_too_many_files_are_refused_in_words(db):
    files = [SimpleUploadedFile(f"{number}.pdf", b"x") for number in range(10_000)]

    response = Client().post(CHECK_PRINT, {"file": files})

    assert response.status_code == 413
    assert "Một lần gửi nhiều nhất 100 tệp" in words(response)


def test_too_many_fields_are_refused_in_words(db):
    response = Client().post(SIGN_IN, {f"o{number}": "x" for number in range(1_100)})

    assert response.status_code == 413
    assert "quá nhiều ô" in words(response)


def test_another_bad_request_keeps_its_own_page(db):
    response = Client().post(SIGN_IN, b"x", content_type="multipart/form-data; boundary=é")

    assert response.status_code == 400
    assert "Yêu cầu không hợp lệ" in words(response)


# --- Whole, or not at all -------------------------------------------------------------------------


def read_in_pieces(body: WholeBody) -> bytes:
    return b"".join(iter(lambda: body.read(4), b""))


def test_a_whole_body_is_read_as_ever():
    assert read_in_pieces(WholeBody(BytesIO(b"abcdefghij"), 10)) == b"abcdefghij"
    assert WholeBody(BytesIO(b"ab\ncd"), 5).readline(99) == b"ab\n"


def test_what_follows_a_body_is_not_missed():
    """The next request on the same connection."""
    assert WholeBody(BytesIO(b"abcdGET"), 4).read(4) == b"abcd"


@pytest.mark.parametrize("read", [read_in_pieces, lambda body: body.readline(99)])
def test_a_body_that_ends_early_is_an_error(read):
    with pytest.raises(ConnectionResetError):
        read(WholeBody(BytesIO(b"abcdefghij"), 11))


@pytest.mark.parametrize(("missing", "answer"), [(0, 200), (40, 403)])
def test_a_form_cut_off_on_the_way_does_nothing(db, missing, answer):
    """gunicorn hands on what came: every field is there, and then the line broke."""
    client, handler = Client(), ClientHandler()
    form = {"csrfmiddlewaretoken": client.get(CHECK_PRINT).context["csrf_token"], "number": "x"}
    body = urlencode(form).encode()
    environ = RequestFactory().post(CHECK_PRINT).environ | {
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": str(len(body) + missing),
        "HTTP_COOKIE": f"csrftoken={client.cookies['csrftoken'].value}",
        "wsgi.input": BytesIO(body),
    }

    response = whole_bodies(lambda environ, start_response: handler(environ))(environ, None)

    assert response.status_code == answer


def test_gunicorn_serves_the_application_that_looks_for_it(monkeypatch):
    seen = []
    monkeypatch.setattr(WSGIHandler, "__call__", lambda self, environ, _: seen.append(environ))

    application({"CONTENT_LENGTH": "3", "wsgi.input": BytesIO(b"abc")}, None)

    assert isinstance(seen[0]["wsgi.input"], WholeBody)
