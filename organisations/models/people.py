from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q

from organisations.text import nfc, search_key
from organisations.validators import phone_is_digits, username_is_plain


class Role(models.TextChoices):
    """What a person does here; one person has one role (`design.md` 2)."""

    EDITOR = "editor", "Người nhập liệu"
    LEADER = "leader", "Lãnh đạo đơn vị"
    APPRAISER = "appraiser", "Chuyên viên thẩm định"
    APPROVER = "approver", "Lãnh đạo Sở"
    COUNCIL = "council", "Thành viên hội đồng"
    OBSERVER = "observer", "Theo dõi"
    ADMINISTRATOR = "administrator", "Quản trị"


# Who writes for a unit, and who reads what units have submitted.
UNIT_ROLES = frozenset({Role.EDITOR, Role.LEADER})
READING_ROLES = frozenset({Role.APPRAISER, Role.APPROVER, Role.COUNCIL, Role.OBSERVER})


class UserQuerySet(models.QuerySet):
    def for_display(self):
        return self.select_related("organisation").order_by("organisation__name", "full_name")

    def matching(self, text):
        return self.filter(search__contains=search_key(text))


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):
    @classmethod
    def normalize_username(cls, username):
        return nfc(username).strip().lower()

    def get_by_natural_key(self, username):
        return self.get(username=self.model.normalize_username(username))

    def create_user(self, username, password=None, **fields):
        user = self.model(username=self.model.normalize_username(username), **fields)
        user.set_password(password)
        user.search = user.computed_search()
        user.save(using=self._db)
        return user

    def create_superuser(self, username, password=None, **fields):
        """An operator of the installation: Django's admin, and no say in any dossier."""
        fields.setdefault("role", Role.ADMINISTRATOR)
        fields.setdefault("full_name", username)
        return self.create_user(username, password, is_operator=True, **fields)


class User(AbstractBaseUser):
    """A person with an account (người dùng): one organisation, one role."""

    username = models.CharField(
        "tên đăng nhập",
        max_length=60,
        unique=True,
        validators=[username_is_plain],
        error_messages={"unique": "Tên đăng nhập này đã có người dùng."},
    )
    full_name = models.CharField("họ và tên", max_length=100)
    position = models.CharField("chức vụ", max_length=100, blank=True)
    email = models.EmailField("thư điện tử", blank=True)
    phone = models.CharField("điện thoại", max_length=20, blank=True, validators=[phone_is_digits])
    organisation = models.ForeignKey(
        "organisations.Organisation",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="people",
        verbose_name="đơn vị",
    )
    role = models.CharField("vai trò", max_length=20, choices=Role)
    is_active = models.BooleanField("đang dùng", default=True)
    is_operator = models.BooleanField("vận hành hệ thống", default=False)
    must_change_password = models.BooleanField("phải đổi mật khẩu", default=False)
    wants_mail = models.BooleanField("nhận thư nhắc việc", default=True)
    search = models.CharField("khóa tìm kiếm", max_length=240, editable=False)
    created_at = models.DateTimeField("tạo lúc", auto_now_add=True)
    anonymised_at = models.DateTimeField("ẩn danh lúc", null=True, blank=True, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []

    class Meta:
        verbose_name = "người dùng"
        verbose_name_plural = "người dùng"
        constraints = [
            models.CheckConstraint(
                condition=Q(organisation__isnull=False) | Q(role=Role.ADMINISTRATOR),
                name="everyone_but_administrators_belongs_somewhere",
                violation_error_message="Chọn đơn vị của người này.",
            ),
            models.CheckConstraint(
                condition=Q(anonymised_at__isnull=True) | Q(is_active=False, email="", phone=""),
                name="anonymised_account_is_out_of_use",
            ),
        ]

    def __str__(self):
        return self.full_name

    def computed_search(self) -> str:
        return search_key(f"{self.full_name} {self.username}")

    @property
    def is_anonymised(self) -> bool:
        return self.anonymised_at is not None

    # Django's admin asks these; only operators of the installation get in, and they get in whole.
    @property
    def is_staff(self) -> bool:
        return self.is_operator

    def has_perm(self, perm, obj=None) -> bool:
        return self.is_active and self.is_operator

    def has_module_perms(self, app_label) -> bool:
        return self.is_active and self.is_operator
