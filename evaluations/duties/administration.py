"""Home of the administrator: accounts and dates, and steps that nobody could take."""

from datetime import date

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.formats import date_format

from evaluations.duties.rounds import plans_for
from evaluations.duties.shapes import Duty, Empty, Home, Summary
from evaluations.feasibility import best_share
from evaluations.models import Evaluation, PilotRound
from evaluations.turns import turn_of
from evaluations.workflow import Status
from organisations.models import Role, User


def home_of_administrator(user: User, pilot_round: PilotRound, today: date) -> Home:
    evaluations = list(
        Evaluation.objects.of_districts()
        .filter(pilot_round=pilot_round)
        .for_display()
        .annotate(has_editor=has_active(Role.EDITOR), has_leader=has_active(Role.LEADER))
    )
    mine = [duty for evaluation in evaluations if (duty := _nobody_can_act(evaluation))]
    if not User.objects.filter(role=Role.APPRAISER, is_active=True).exists():
        mine.append(
            Duty(
                "ask",
                "Cấp tài khoản chuyên viên thẩm định",
                reverse("organisations:create-person"),
                "Chưa ai ở Sở tiếp nhận được hồ sơ.",
            )
        )
    mine.extend(plans_for(user))
    best = best_share(pilot_round)
    if best.is_impossible:
        url = f"{reverse('evaluations:round', args=[pilot_round.pk])}#cach-hieu"
        detail = f"Đang {best.sentence}"
        mine.append(Duty("ask", "Ghi cách hiểu mẫu số của 2.1.2 thành phố", url, detail))
    board = reverse("evaluations:round", args=[pilot_round.pk])
    elsewhere = [
        Duty(
            "late" if turn.is_late else "part",
            f"{evaluation.unit.bare_name}: {evaluation.get_status_display()}",
            board,
            evaluation.extension_reason,
            turn,
        )
        for evaluation in evaluations
        if (turn := turn_of(evaluation, today)).is_late
    ]
    sent = sum(evaluation.status != Status.DRAFT for evaluation in evaluations)
    return Home(
        mine=tuple(mine),
        elsewhere=tuple(elsewhere),
        empty=Empty(
            "Không có việc nào chờ anh, chị trong đợt này.",
            "Đơn vị nào trong đợt cũng có người nhập liệu và lãnh đạo.",
            board,
            "Xem đợt",
        ),
        summary=Summary(
            title=f"Đợt {pilot_round.name}",
            headline=f"{sent}/{len(evaluations)} đã gửi",
            text=f"Hạn gửi {date_format(pilot_round.self_assessment_due_on)}.",
            url=board,
            label="Xem đợt",
        ),
        news=(),
    )


def has_active(role: Role) -> Exists:
    """Of a dossier: somebody of its unit has this role and may sign in."""
    return Exists(User.objects.filter(organisation=OuterRef("unit"), role=role, is_active=True))


def _nobody_can_act(evaluation: Evaluation) -> Duty | None:
    """A step that nobody could take stops the dossier without anyone noticing."""
    unit = evaluation.unit
    if evaluation.has_leader:
        return None
    what = (
        "Có người nhập liệu nhưng chưa ai gửi được hồ sơ."
        if evaluation.has_editor
        else "Chưa ai mở được hồ sơ của đơn vị."
    )
    url = f"{reverse('organisations:create-person')}?don-vi={unit.pk}&vai-tro={Role.LEADER}"
    return Duty("ask", f"Cấp tài khoản lãnh đạo cho {unit.name_in_sentence}", url, what)
