"""What others read of a line while its unit writes its sheet, or its keeper what is unclear."""

import pytest

from evaluations.actions.unit_results import save_line
from evaluations.unit_reading import shown_line
from organisations.models import Role
from tests.evaluations.filled_sheets import (
    attach,
    editor_of,
    fresh,
    leader_of,
    make_agency_line,
    submit,
)
from tests.factories import make_district, make_user

pytestmark = pytest.mark.django_db
PAPER = "giải trình nội bộ"


@pytest.fixture
def line():
    return make_agency_line(make_district())


def page_of(client, person, line) -> str:
    client.force_login(person)
    return client.get(line.get_absolute_url()).content.decode()


@pytest.mark.parametrize("role", [Role.EDITOR, Role.APPRAISER, Role.COUNCIL, Role.OBSERVER])
def test_papers_of_a_draft_are_named_to_its_unit_alone(client, line, role):
    attach(line, words=PAPER)
    reader = make_user(role, line.owner if role == Role.EDITOR else None)

    assert PAPER in page_of(client, editor_of(line), line)
    assert PAPER not in page_of(client, reader, line)


def test_steps_of_a_sheet_are_told_to_everybody(client, line):
    submit(line)

    assert "gửi phiếu tự chấm" in page_of(client, make_user(Role.OBSERVER), line)


@pytest.mark.parametrize("of_the_unit", [True, False])
def test_rating_that_does_not_stand_is_not_shown_as_one(client, line, of_the_unit):
    submit(line)
    keeper = make_user(Role.EDITOR, line.owner)
    save_line(result=line, values={"rating": "Tốt"}, base=shown_line(fresh(line)), by=keeper)
    reader = leader_of(line) if of_the_unit else make_user(Role.OBSERVER)

    page = page_of(client, reader, line)

    assert '<th scope="row">Xếp loại</th><td>chưa có</td>' in page
    assert "Cần sửa" in page
