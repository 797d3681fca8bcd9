"""Where a request comes from: the address behind the proxies in front, the browser in words."""

from dataclasses import dataclass
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest

UNKNOWN = "trình duyệt không rõ"
# What stands in a User-Agent, and whose sign it is; the first found counts, since each of them
# also claims to be those below it.
BROWSERS = (
    ("coc_coc", "Cốc Cốc"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Zalo", "Zalo"),
    ("Firefox/", "Firefox"),
    ("FxiOS", "Firefox"),
    ("Chrome/", "Chrome"),
    ("CriOS", "Chrome"),
    ("Safari/", "Safari"),
)
MACHINES = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh", "máy Mac"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True)
class Origin:
    """Address and browser of a request: `ip` is None where no address is known."""

    ip: str | None
    browser: str


def origin_of(request: HttpRequest) -> Origin:
    return Origin(client_ip(request), browser_in_words(request.headers.get("User-Agent", "")))


def client_ip(request: HttpRequest) -> str | None:
    """The address that the outermost of our own proxies has seen.

    Each proxy appends to X-Forwarded-For whom it was called by, so only as many entries as there
    are proxies in front (PROXIES_IN_FRONT), counted from the right, are not the caller's own claim.
    """
    hops, header = settings.PROXIES_IN_FRONT, request.headers.get("X-Forwarded-For", "")
    said = header.split(",") if header else []
    claimed = said[-hops] if len(said) >= hops > 0 else request.META.get("REMOTE_ADDR", "")
    try:
        address = ip_address(claimed.strip())
    except ValueError:
        return None
    return str(getattr(address, "ipv4_mapped", None) or address)


def browser_in_words(user_agent: str) -> str:
    """ "Chrome trên Windows"; what is not recognised is said to be so."""
    browser = _first(BROWSERS, user_agent)
    machine = _first(MACHINES, user_agent)
    if not browser:
        return UNKNOWN
    return f"{browser} trên {machine}" if machine else browser


def _first(signs: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((name for sign, name in signs if sign in user_agent), "")
