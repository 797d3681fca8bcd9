"""A request whose body ends before the length it states is no request.

gunicorn hands on what came before a connection broke, and Django takes it for the whole form: a
sentence cut in its middle would be stored as if somebody had typed it so.
"""

from collections.abc import Callable, Iterable
from typing import Any, Protocol

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


class Stream(Protocol):
    def read(self, size: int, /) -> bytes: ...
    def readline(self, size: int, /) -> bytes: ...


class WholeBody:
    """The stream of a body of that length. Raises ConnectionResetError where it ends early.

    Asked, as Django asks, for no more than is left of it.
    """

    def __init__(self, stream: Stream, length: int):
        self._stream = stream
        self._left = length

    def read(self, size: int, /) -> bytes:
        data = self._stream.read(size)
        return self._counted(data, is_short=len(data) < min(size, self._left))

    def readline(self, size: int, /) -> bytes:
        line = self._stream.readline(size)
        is_short = len(line) < min(size, self._left) and not line.endswith(b"\n")
        return self._counted(line, is_short=is_short)

    def _counted(self, data: bytes, *, is_short: bool) -> bytes:
        if is_short:
            raise ConnectionResetError("the body ended before the length it stated")
        self._left -= len(data)
        return data


def whole_bodies(application: Application) -> Application:
    """The same application, which never sees a part of a body as all of it."""

    def wrapped(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        length = int(environ.get("CONTENT_LENGTH") or 0)
        environ["wsgi.input"] = WholeBody(environ["wsgi.input"], length)
        return application(environ, start_response)

    return wrapped
