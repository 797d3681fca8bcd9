import logging
from datetime import datetime
from urllib.parse import urlsplit

from celery import Task, shared_task
from django.conf import settings
from django.contrib.auth.forms import PasswordResetForm
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from kombu.exceptions import ChannelError, OperationalError

from organisations.models import AccountEvent, User

logger = logging.getLogger(__name__)

VAIN_CODES = "vain_codes"
# What is told of an account besides in the application: what somebody else may have done.
ACCOUNT_MAILS = {
    AccountEvent.Kind.FACTOR_RESET: (
        "người quản trị đã đặt lại xác thực hai bước của tài khoản. Từ nay vào bằng mật khẩu, rồi "
        "cài lại trên điện thoại."
    ),
    AccountEvent.Kind.FACTOR_OFF: "xác thực hai bước của tài khoản đã được tắt.",
    VAIN_CODES: (
        "có người nhập đúng mật khẩu rồi nhập sai mã xác thực nhiều lần, nên việc nhập mã tạm khóa."
    ),
}


def order_reset_mail(*, address: str, site: str) -> bool:
    """Queue the mail: looking up the address and sending are left to the worker, out of sight.

    False where the queue takes nothing.
    """
    return _ordered(send_reset_mail, address, site)


def order_account_mail(*, person: User, kind: str) -> None:
    """Queue a mail about the account, once what it tells of is stored; none without an address."""
    if person.email:
        at = timezone.now().isoformat()
        transaction.on_commit(lambda: _ordered(send_account_mail, person.pk, kind, at))


def _ordered(task: Task, *arguments: object) -> bool:
    try:
        task.delay(*arguments)
    except (OperationalError, ChannelError):
        logger.exception("the queue did not take %s", task.name)
        return False
    return True


@shared_task
def send_reset_mail(address: str, site: str) -> None:
    """One mail for each active account with this address; none, and no trace, for an unknown one.

    The task takes the address and no key: finding the account in the request would let its
    duration tell whether there is one.
    """
    form = PasswordResetForm({"email": address})
    if form.is_valid():
        parts = urlsplit(site)
        form.save(
            domain_override=parts.netloc,
            use_https=parts.scheme == "https",
            subject_template_name="registration/reset_subject.txt",
            email_template_name="registration/reset_mail.txt",
        )


@shared_task
def send_account_mail(person_id: int, kind: str, at: str) -> None:
    """Tell a person what has happened to the account; the application tells it as well."""
    person = User.objects.get(pk=person_id)
    context = {
        "person": person,
        "what": ACCOUNT_MAILS[kind],
        "at": datetime.fromisoformat(at),
        "site": settings.SITE_URL,
    }
    body = render_to_string("organisations/account_mail.txt", context)
    send_mail(f"Tài khoản {person.username}: xác thực hai bước", body, None, [person.email])
