"""Mails for operators: what waits, what went, what could not be sent and why."""

from django.contrib import admin

from criteria.admin import ReadOnly
from evaluations.models import Mail


@admin.register(Mail)
class MailAdmin(ReadOnly):
    list_display = ["pk", "kind", "recipient", "status", "subject", "attempts", "sent_at", "error"]
    list_filter = ["status", "kind"]
    list_select_related = ["recipient"]
    raw_id_fields = ["event"]
