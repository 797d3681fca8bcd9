import pytest

from organisations.origin import browser_in_words, client_ip

AGENTS = {
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/130.0.0.0 Safari/537.36": "Chrome trên Windows",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/130.0.0.0 Safari/537.36 Edg/130.0.0.0": "Edge trên Windows",
    "Mozilla/5.0 (Windows NT 10.0; WOW64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "coc_coc_browser/118.0 Chrome/112.0 Safari/537.36": "Cốc Cốc trên Windows",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1": "Safari trên iPhone",
    "Mozilla/5.0 (Linux; Android 14; SM-A546E) AppleWebKit/537.36 (KHTML, like Gecko) "
    "SamsungBrowser/26.0 Chrome/122.0.0.0 Mobile Safari/537.36": "Samsung Internet trên Android",
    "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0": "Firefox trên Linux",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/17.5 Safari/605.1.15": "Safari trên máy Mac",
    "curl/8.5.0": "trình duyệt không rõ",
    "": "trình duyệt không rõ",
}


def test_a_browser_is_named_as_people_know_it():
    assert {agent: browser_in_words(agent) for agent in AGENTS} == AGENTS


@pytest.mark.parametrize(
    ("hops", "forwarded", "expected"),
    [
        (0, None, "10.0.0.9"),
        (0, "203.0.113.7", "10.0.0.9"),  # nobody of ours has said so
        (1, "203.0.113.7", "203.0.113.7"),
        (1, "127.0.0.1, 203.0.113.7", "203.0.113.7"),  # what stands before it is a claim
        (2, "1.1.1.1, 203.0.113.7, 10.0.0.2", "203.0.113.7"),
        (1, None, "10.0.0.9"),
        (2, "203.0.113.7", "10.0.0.9"),
        (1, "2001:db8:0:0:0:0:0:7", "2001:db8::7"),
        (1, "::ffff:203.0.113.7", "203.0.113.7"),
        (1, "không phải địa chỉ", None),
    ],
)
def test_the_address_is_what_our_own_proxies_have_seen(rf, settings, hops, forwarded, expected):
    settings.PROXIES_IN_FRONT = hops
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}

    assert client_ip(rf.get("/", headers=headers, REMOTE_ADDR="10.0.0.9")) == expected
