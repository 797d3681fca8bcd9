from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("evaluations", "0012_inspections"),
    ]

    operations = [
        migrations.AddField(
            model_name="indicatorappraisal",
            name="override_reason",
            field=models.TextField(blank=True, verbose_name="lý do đổi kết luận đã gửi"),
        ),
        migrations.AddField(
            model_name="indicatorappraisal",
            name="superseded",
            field=models.JSONField(blank=True, null=True, verbose_name="kết luận đã gửi trước đó"),
        ),
        migrations.AddConstraint(
            model_name="indicatorappraisal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("override_reason", ""), ("superseded__isnull", True)),
                    models.Q(
                        ("superseded__isnull", False),
                        models.Q(("override_reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="changing_a_sent_verdict_needs_a_reason",
                violation_error_message="Ghi vì sao đổi kết luận đã gửi cho đơn vị.",
            ),
        ),
    ]
