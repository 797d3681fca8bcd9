import pytest

from tests.evaluations.workbook.desk import Desk, make_desk


@pytest.fixture
def desk(district, editor) -> Desk:
    return make_desk(district, editor)
