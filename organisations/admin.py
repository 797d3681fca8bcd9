"""Django's admin: a window for operators of the installation, almost nothing to press.

Accounts and units are changed on their own pages, where every change leaves an event.
"""

from importlib import import_module

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import Group
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, resolve_url
from django.urls import reverse
from django_otp.plugins.otp_totp.models import TOTPDevice

from organisations.models import AccountAccess, AccountEvent, Organisation, SignInEvent, User
from organisations.processing_log import note_look


class ReadOnlyAdmin(admin.ModelAdmin):
    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class PersonalDataAdmin(ReadOnlyAdmin):
    """What an operator has looked at stands in the log of processing, as of any administrator."""

    def changelist_view(self, request, extra_context=None):
        self._note(request, "danh sách")
        return super().changelist_view(request, extra_context)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        self._note(request, f"dòng {object_id}")
        return super().changeform_view(request, object_id, form_url, extra_context)

    def _note(self, request, what):
        if self.has_view_permission(request):
            detail = f"{self.model._meta.verbose_name}: {what}"
            note_look(by=request.user, kind=AccountAccess.Kind.OPERATIONS, detail=detail)


@admin.register(Organisation)
class OrganisationAdmin(ReadOnlyAdmin):
    list_display = ["code", "name", "kind", "type", "parent", "valid_from", "valid_to"]
    list_filter = ["kind", "valid_from"]
    list_select_related = ["parent"]
    search_fields = ["code", "search"]


@admin.register(User)
class UserAdmin(PersonalDataAdmin):
    list_display = ["username", "full_name", "organisation", "role", "is_active", "is_operator"]
    list_filter = ["role", "is_active", "is_operator"]
    list_select_related = ["organisation"]
    search_fields = ["search"]
    exclude = ["password"]


@admin.register(AccountEvent)
class AccountEventAdmin(PersonalDataAdmin):
    list_display = ["at", "kind", "person", "by", "detail"]
    list_filter = ["kind"]
    list_select_related = ["person", "by"]


@admin.register(SignInEvent)
class SignInEventAdmin(PersonalDataAdmin):
    list_display = ["at", "kind", "person", "ip", "browser"]
    list_filter = ["kind"]
    list_select_related = ["person"]


@admin.register(AccountAccess)
class AccountAccessAdmin(PersonalDataAdmin):
    list_display = ["at", "kind", "by", "person", "detail"]
    list_filter = ["kind"]
    list_select_related = ["by", "person"]


@login_not_required
def sign_in_at_the_door(request, extra_context=None):
    """One sign-in for all, with its lock-out; whoever is in already and still asked may not."""
    if request.user.is_authenticated:
        raise PermissionDenied
    target = request.GET.get("next") or reverse("admin:index")
    return redirect_to_login(target, resolve_url("organisations:sign-in"))


def to_our_password_page(request, extra_context=None):
    """One page to change a password: it limits tries, leaves an event, ends other sessions."""
    return redirect("organisations:change-password")


admin.site.login = sign_in_at_the_door
admin.site.password_change = to_our_password_page
admin.site.password_change_done = to_our_password_page
admin.site.site_header = "Vận hành hệ thống"
admin.site.site_title = "Vận hành hệ thống"
admin.site.index_title = "Dữ liệu"

# Asked for by name: these would register themselves after this file, and stay.
for theirs in ("axes.admin", "django.contrib.auth.admin", "django_otp.plugins.otp_totp.admin"):
    import_module(theirs)
# The secrets of telephones are nobody's to see; of sign-ins SignInEvent tells, and shows no text
# that somebody typed as a name: it may be a password.
admin.site.unregister([Group, TOTPDevice, AccessAttempt, AccessFailureLog, AccessLog])
