"""`python -m hocxahoi.health [PORT]`: is the web server of this container ready?

Asks over plain HTTP from inside, under the first name of ALLOWED_HOSTS; exit 0 or 1.
"""

import os
import sys
from http.client import HTTPConnection, HTTPException


def is_healthy(port: int, host: str = "") -> bool:
    """`host` is the name the site is asked under; by default the first it answers to."""
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/readyz", headers={"Host": host or _first_host()})
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _first_host() -> str:
    first = os.environ.get("ALLOWED_HOSTS", "").split(",")[0].strip()
    return first.removeprefix(".") if first not in ("", "*") else "localhost"


if __name__ == "__main__":
    sys.exit(not is_healthy(int(sys.argv[1]) if len(sys.argv) > 1 else 8000))
