"""Runs for operators: to see what failed and where. Files and contents are for those who may."""

from django.contrib import admin

from criteria.admin import ReadOnly
from reports.models import ReportDownload, ReportRun, ReportText


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


@admin.register(ReportText)
class ReportTextAdmin(ReadOnly):
    list_display = ["pilot_round", "report", "section", "revision", "written_by", "written_at"]
    list_select_related = ["pilot_round", "written_by"]
    exclude = ["text", "suggested"]
