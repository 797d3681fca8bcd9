from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("organisations", "0008_indexes_in_use"),
    ]

    operations = [
        migrations.AlterField(
            model_name="signinevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("signed_in", "đăng nhập"),
                    ("by_recovery_code", "đăng nhập bằng mã khôi phục"),
                    ("wrong_password", "sai mật khẩu"),
                    ("wrong_code", "sai mã xác thực"),
                    ("locked", "tạm khóa vì sai nhiều lần"),
                    ("tried_on", "thử tiếp trong lúc tạm khóa"),
                    ("signed_out", "đăng xuất"),
                    ("ended_another", "kết thúc phiên ở nơi khác"),
                    ("everywhere", "đăng xuất khỏi mọi nơi"),
                ],
                max_length=20,
                verbose_name="việc",
            ),
        ),
        migrations.RemoveConstraint(
            model_name="signinevent",
            name="only_a_known_name_gets_in",
        ),
        migrations.AddConstraint(
            model_name="signinevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("person__isnull", False),
                    ("kind__in", ["wrong_password", "locked", "tried_on"]),
                    _connector="OR",
                ),
                name="only_a_known_name_gets_in",
            ),
        ),
    ]
