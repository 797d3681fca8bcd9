"""A telephone with an authenticator, by the algorithm of RFC 6238, and a clock to turn."""

import re
from base64 import b32decode
from dataclasses import dataclass

from django.test import Client
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from organisations import second_factor
from organisations.models import User
from tests.factories import PASSWORD

SET_UP = "/tai-khoan/hai-buoc/cai-dat/"
SIGN_IN = "/dang-nhap/"
CODE = "/dang-nhap/ma/"
RECOVERY = "/dang-nhap/ma-khoi-phuc/"


@dataclass
class Telephone:
    """What holds a secret; `slow` seconds behind the clock of the server."""

    key: bytes
    slow: int = 0

    def code(self, steps: int = 0) -> str:
        """What it shows, or will show `steps` half minutes later."""
        return f"{totp(self.key, t0=self.slow, drift=steps):06d}"


def scanned(page: str) -> Telephone:
    """The secret as a person would type it off the page."""
    text = re.search(r'<p class="secret">([A-Z2-7 ]+)</p>', page)[1]
    return Telephone(b32decode(text.replace(" ", "")))


def with_telephone(person: User) -> tuple[Telephone, list[str]]:
    """Enrolled a while ago, so that the code of this moment is fresh; and the codes on paper."""
    telephone = Telephone(second_factor.unhexlify(key := second_factor.new_key()))
    codes = second_factor.enrol(person=person, key=key, code=telephone.code(), session_key="")
    let_time_pass(person)
    return telephone, codes


def let_time_pass(person: User) -> None:
    """Since the last code, so that the one of this moment is fresh, whatever the half minute."""
    TOTPDevice.objects.filter(user=person).update(last_t=0, drift=0)


def give_password(client: Client, person: User, **data):
    return client.post(SIGN_IN, {"username": person.username, "password": PASSWORD, **data})


def give_code(client: Client, code: str, address: str = CODE):
    return client.post(address, {"code": code})
