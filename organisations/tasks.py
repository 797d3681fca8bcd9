from urllib.parse import urlsplit

from celery import shared_task
from django.contrib.auth.forms import PasswordResetForm


def order_reset_mail(*, address: str, site: str) -> None:
    """Queue the mail: looking up the address and sending are left to the worker, out of sight."""
    send_reset_mail.delay(address, site)


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
