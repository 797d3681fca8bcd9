from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("upkeep", "0001_upkeep_runs"),
    ]

    operations = [
        migrations.AlterField(
            model_name="upkeeprun",
            name="kind",
            field=models.CharField(
                choices=[
                    ("backup", "sao lưu"),
                    ("integrity", "kiểm tra toàn vẹn"),
                    ("restore", "khôi phục"),
                    ("purge", "xóa dữ liệu quá hạn"),
                ],
                max_length=10,
                verbose_name="việc",
            ),
        ),
    ]
