"""The second factor: the code at the door, and on one's own pages setting it up and ending it."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.crypto import salted_hmac
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from organisations import second_factor, signing_in
from organisations.forms import CodeForm, OwnPasswordForm, RecoveryForm, SetUpForm
from organisations.forms.session import too_often_error
from organisations.limits import TooOften
from organisations.models import SignInEvent, User
from organisations.views.session import come_in, status_of

Kind = SignInEvent.Kind
KEY = "second_factor_key"
WRONG_CODE = (
    "Mã chưa đúng, đã dùng rồi hoặc đã hết hạn. Chờ điện thoại hiện mã mới rồi nhập mã đó; "
    "còn {} lần thử trước khi tạm khóa."
)
WRONG_RECOVERY_CODE = "Mã khôi phục chưa đúng, hoặc đã dùng rồi. Còn {} lần thử trước khi tạm khóa."
WRONG_AT_SET_UP = (
    "Mã chưa khớp. Xem lại điện thoại đã quét đúng mã QR của trang này chưa, rồi nhập mã đang hiện."
)
ALREADY_ON = (
    "Xác thực hai bước đã bật. Mã khôi phục chỉ hiện một lần: nếu chưa kịp cất thì bấm “Lấy mã "
    "khôi phục mới”, mã cũ hết hiệu lực."
)
FEW_CODES = 3


@login_not_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def second_step(request: HttpRequest) -> HttpResponse:
    """After the password: the code that the telephone shows."""
    return _last_step(
        request,
        CodeForm(request.POST or None),
        accept=second_factor.accept_code,
        wrong=WRONG_CODE,
        kind=Kind.SIGNED_IN,
        template="organisations/second_step.html",
    )


@login_not_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def recovery_step(request: HttpRequest) -> HttpResponse:
    """The same without the telephone: one of the codes on paper."""
    return _last_step(
        request,
        RecoveryForm(request.POST or None),
        accept=second_factor.accept_recovery_code,
        wrong=WRONG_RECOVERY_CODE,
        kind=Kind.SIGNED_IN_BY_CODE,
        template="organisations/recovery_step.html",
    )


@never_cache
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Whether it is on, since when, how many codes are left; and what can be done about it."""
    return _overview(request)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def set_up(request: HttpRequest) -> HttpResponse:
    """Take over a telephone; whoever's role requires it gets no further than this page.

    The secret waits in the session until a code shows that the telephone has it. The recovery
    codes are the answer to the POST itself: a redirect would have to store them somewhere.
    """
    person = request.user
    replaced = second_factor.device_of(person)
    if replaced and not signing_in.has_given_code(request):
        return _out_again(request)
    if replaced and request.POST.get("offer") == _mark_of(replaced.key):
        messages.info(request, ALREADY_ON)  # the same form once more, by a reload of the codes
        return redirect("organisations:second-factor")
    key = request.session.setdefault(KEY, second_factor.new_key())
    form = SetUpForm(person, request.POST or None)
    if form.is_valid():
        codes = _enrolled(request, form, key)
        if codes:
            return _codes_page(request, codes)
    context = {
        "form": form,
        "offer": second_factor.offer(person, key),
        "mark": _mark_of(key),
        "is_required": second_factor.is_required(person),
        "replaced": replaced,
    }
    return render(request, "organisations/set_up.html", context, status=status_of(form))


@never_cache
@sensitive_post_parameters()
@require_POST
def renew_codes(request: HttpRequest) -> HttpResponse:
    if not second_factor.device_of(request.user):
        return redirect("organisations:second-factor")
    if not signing_in.has_given_code(request):
        return _out_again(request)
    form = OwnPasswordForm(request.user, request.POST, prefix="codes")
    if form.is_valid():
        return _codes_page(request, second_factor.renew_codes(person=request.user))
    return _overview(request, codes_form=form)


@never_cache
@sensitive_post_parameters()
@require_POST
def turn_off(request: HttpRequest) -> HttpResponse:
    if second_factor.is_required(request.user):
        raise PermissionDenied
    if second_factor.device_of(request.user) and not signing_in.has_given_code(request):
        return _out_again(request)
    form = OwnPasswordForm(request.user, request.POST, prefix="off")
    if form.is_valid():
        second_factor.turn_off(person=request.user, session_key=request.session.session_key)
        request.session[signing_in.SECOND_FACTOR] = False
        messages.success(
            request,
            "Đã tắt xác thực hai bước. Từ nay vào chỉ bằng mật khẩu; nơi khác đã bị đăng xuất.",
        )
        return redirect("organisations:second-factor")
    return _overview(request, off_form=form)


def _last_step(
    request: HttpRequest,
    form: BaseForm,
    *,
    accept: Callable[..., None],
    wrong: str,
    kind: Kind,
    template: str,
) -> HttpResponse:
    found = signing_in.half_in(request)
    if found is None:
        messages.info(request, "Đã quá lâu từ lúc nhập mật khẩu. Mời anh, chị nhập lại.")
        return redirect("organisations:sign-in")
    person, target = found
    if form.is_valid():
        try:
            accept(person=person, code=form.cleaned_data["code"])
        except second_factor.WrongCode as error:
            signing_in.note(request, Kind.WRONG_CODE, person)
            if not error.left:
                signing_in.locked(request, person, lock=("code", person.pk))
            form.add_error("code", wrong.format(error.left))
        except TooOften as refused:
            signing_in.tried_on(request, person, lock=("code", person.pk))
            form.add_error("code", too_often_error("Sai mã quá nhiều lần.", refused))
        else:
            come_in(request, person, kind=kind, by_second_factor=True)
            if kind == Kind.SIGNED_IN_BY_CODE:
                _say_what_is_left(request, person)
            return redirect(target)
    context = {"form": form, "person": person}
    return render(request, template, context, status=status_of(form))


def _say_what_is_left(request: HttpRequest, person: User) -> None:
    left = second_factor.codes_left(person)
    said = f"Đã dùng một mã khôi phục, còn {left} mã."
    if left < FEW_CODES:
        said += " Lấy mã mới ở mục Tài khoản trước khi hết."
    said += " Mất điện thoại thì cài lại trên điện thoại khác, cũng ở mục Tài khoản."
    messages.warning(request, said)


def _enrolled(request: HttpRequest, form: SetUpForm, key: str) -> list[str]:
    """The recovery codes once the telephone is taken over; else why not is put into the form."""
    try:
        codes = second_factor.enrol(
            person=request.user,
            key=key,
            code=form.cleaned_data["code"],
            session_key=request.session.session_key,
        )
    except second_factor.ClockIsOff as error:
        way = "nhanh" if error.minutes > 0 else "chậm"
        form.add_error(
            "code",
            f"Giờ của điện thoại {way} khoảng {abs(error.minutes)} phút nên mã không dùng được. "
            "Bật “tự động đặt ngày giờ” trong cài đặt của điện thoại rồi nhập mã mới.",
        )
        return []
    except second_factor.WrongCode:
        form.add_error("code", WRONG_AT_SET_UP)
        return []
    del request.session[KEY]
    request.session[signing_in.SECOND_FACTOR] = True
    request.session.cycle_key()
    return codes


def _mark_of(key: str) -> str:
    """Names a secret in a form without telling it."""
    return salted_hmac("second-factor-offer", key, algorithm="sha256").hexdigest()


def _codes_page(request: HttpRequest, codes: list[str]) -> HttpResponse:
    return render(request, "organisations/recovery_codes.html", {"codes": codes})


def _overview(
    request: HttpRequest,
    *,
    codes_form: OwnPasswordForm | None = None,
    off_form: OwnPasswordForm | None = None,
) -> HttpResponse:
    person = request.user
    context = {
        "device": second_factor.device_of(person),
        "codes_left": second_factor.codes_left(person),
        "few_codes": FEW_CODES,
        "is_required": second_factor.is_required(person),
        "codes_form": codes_form or OwnPasswordForm(person, prefix="codes"),
        "off_form": off_form or OwnPasswordForm(person, prefix="off"),
    }
    status = max(status_of(form) for form in (context["codes_form"], context["off_form"]))
    return render(request, "organisations/second_factor.html", context, status=status)


def _out_again(request: HttpRequest) -> HttpResponse:
    """A session that has never seen the telephone may not change it."""
    logout(request)
    messages.info(request, "Đăng nhập lại bằng mã trên điện thoại để làm việc này.")
    return redirect("organisations:sign-in")
