"""Runs for operators: to see what failed and where. Files and contents are for those who may."""

from django.contrib import admin

from criteria.admin import ReadOnly
from reports.models import ReportDownload, ReportRun


@admin.register(ReportRun)
class ReportRunAdmin(ReadOnly):
    list_display = ["pk", "report", "file_type", "status", "requested_at", "worker", "error"]
    list_filter = ["status", "report"]
    exclude = ["content", "file"]

    def get_queryset(self, request):
        return super().get_queryset(request).defer("content")


@admin.register(ReportDownload)
class ReportDownloadAdmin(ReadOnly):
    list_display = ["run", "by", "at"]
    list_select_related = ["run", "by"]
