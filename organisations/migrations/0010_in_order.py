from django.db import migrations, models

from organisations.collation import vietnamese_index


class Migration(migrations.Migration):

    dependencies = [
        ("organisations", "0009_tried_on"),
    ]

    operations = [
        migrations.AlterField(
            model_name="signinevent",
            name="at",
            field=models.DateTimeField(auto_now_add=True, verbose_name="lúc"),
        ),
        migrations.AddIndex(
            model_name="signinevent",
            index=models.Index(fields=["at", "id"], name="sign_ins_by_time"),
        ),
        vietnamese_index("units_by_name", "Organisation", "name", "valid_from"),
        vietnamese_index("people_by_name", "User", "full_name", "id"),
    ]
