"""People and places that the tests share."""

import pytest

from organisations.models import Role
from tests.factories import make_agency, make_city, make_department, make_district, make_user


@pytest.fixture(autouse=True)
def _quick_and_contained(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def district(db):
    return make_district("Huyện Vĩnh Bảo", code="316")


@pytest.fixture
def editor(district):
    return make_user(Role.EDITOR, district, full_name="Phạm Thị Nhập")


@pytest.fixture
def leader(district):
    return make_user(Role.LEADER, district, full_name="Trần Văn Trưởng")


@pytest.fixture
def appraiser(db):
    return make_user(Role.APPRAISER, make_department(), full_name="Lê Thị Thẩm")


@pytest.fixture
def approver(db):
    return make_user(Role.APPROVER, make_department(), full_name="Vũ Văn Duyệt")


@pytest.fixture
def council_member(db):
    return make_user(Role.COUNCIL, make_city(), full_name="Hoàng Văn Hội")


@pytest.fixture
def observer(db):
    return make_user(Role.OBSERVER, make_agency("Hội Khuyến học Hải Phòng", "HKH"))


@pytest.fixture
def administrator(db):
    return make_user(Role.ADMINISTRATOR, make_department(), full_name="Đỗ Thị Quản")


@pytest.fixture
def outsider(db):
    """The leader of another district."""
    return make_user(Role.LEADER, make_district("Quận Lê Chân", code="305"))
