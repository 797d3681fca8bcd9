"""The inbox: what has come to this person, read and unread."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from evaluations.actions.notices import mark_all_read, mark_read
from evaluations.forms.notices import ReadAllForm
from evaluations.models import Notice

PAGE_SIZE = 30
UNREAD = "chua-doc"

SIGNS = {
    Notice.Kind.RETURNED: "ask",
    Notice.Kind.SHEET_RETURNED: "ask",
    Notice.Kind.ASSIGNMENT_RETURNED: "ask",
    Notice.Kind.DUE: "ask",
    Notice.Kind.DECIDED: "met",
    Notice.Kind.SHEET_CONFIRMED: "met",
}


@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    own = Notice.objects.visible_to(request.user)
    only_unread = request.GET.get("loc") == UNREAD
    found = own.unread() if only_unread else own
    page = Paginator(found.for_display(), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "only_unread": only_unread,
        "signs": SIGNS,
        "newest": own.unread().order_by("-pk").values_list("pk", flat=True).first(),
    }
    return render(request, "evaluations/notices/notices.html", context)


@require_safe
def open_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """On to what it is about; having been opened it is read."""
    notice = _get_notice(request, pk)
    if request.method == "GET":
        mark_read(notice=notice)
    return redirect(notice.get_absolute_url())


@require_POST
def read_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Without going there."""
    mark_read(notice=_get_notice(request, pk))
    return redirect("evaluations:notices")


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """What came after the page was drawn stays unread."""
    form = ReadAllForm(request.POST)
    if form.is_valid():
        count = mark_all_read(by=request.user, newest=form.cleaned_data["newest"])
        messages.success(request, f"Đã đánh dấu đọc {count} thông báo.")
    return redirect("evaluations:notices")


def _get_notice(request: HttpRequest, pk: int) -> Notice:
    return get_object_or_404(Notice.objects.visible_to(request.user).for_display(), pk=pk)
