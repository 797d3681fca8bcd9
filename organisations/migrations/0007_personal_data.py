import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from organisations.append_only import Guarded, WithDoor, renew_function


class Migration(migrations.Migration):
    dependencies = [
        ("organisations", "0006_account_exports"),
    ]

    operations = [
        migrations.CreateModel(
            name="AccountAccess",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(
                    choices=[
                        ("people", "xem danh sách người dùng"),
                        ("account", "mở tài khoản"),
                        ("sign_ins", "xem nhật ký đăng nhập"),
                        ("processing", "xem nhật ký xử lý dữ liệu"),
                        ("operations", "xem ở trang vận hành"),
                    ],
                    max_length=20,
                    verbose_name="việc",
                )),
                ("detail", models.CharField(blank=True, max_length=100, verbose_name="chi tiết")),
                ("at", models.DateTimeField(auto_now_add=True, db_index=True, verbose_name="lúc")),
                ("by", models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                    verbose_name="người xem",
                )),
                ("person", models.ForeignKey(
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="accesses",
                    to=settings.AUTH_USER_MODEL,
                    verbose_name="tài khoản được xem",
                )),
            ],
            options={
                "verbose_name": "lượt xem dữ liệu tài khoản",
                "verbose_name_plural": "lượt xem dữ liệu tài khoản",
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "account"), _negated=True),
                            ("person__isnull", False),
                            _connector="OR",
                        ),
                        name="opened_account_is_somebody_s",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="user",
            name="anonymised_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="ẩn danh lúc"),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("anonymised_at__isnull", True),
                    models.Q(("email", ""), ("is_active", False), ("phone", "")),
                    _connector="OR",
                ),
                name="anonymised_account_is_out_of_use",
            ),
        ),
        migrations.AlterField(
            model_name="accountevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("created", "tạo tài khoản"),
                    ("changed", "sửa thông tin"),
                    ("role_changed", "đổi vai trò hoặc đơn vị"),
                    ("password_reset", "cấp mật khẩu tạm"),
                    ("password_changed", "người dùng tự đổi mật khẩu"),
                    ("deactivated", "ngừng dùng"),
                    ("activated", "dùng lại"),
                    ("factor_on", "bật xác thực hai bước"),
                    ("factor_off", "tắt xác thực hai bước"),
                    ("factor_reset", "đặt lại xác thực hai bước"),
                    ("codes_renewed", "lấy mã khôi phục mới"),
                    ("exported", "trích dữ liệu của tài khoản"),
                    ("anonymised", "ẩn danh tài khoản"),
                ],
                max_length=20,
                verbose_name="việc",
            ),
        ),
        renew_function(),
        Guarded("organisations", "AccountAccess"),
        WithDoor("erase", "30 days", "organisations", "AccountAccess", "SignInEvent"),
        WithDoor("redact", "detail", "organisations", "AccountEvent"),
    ]
