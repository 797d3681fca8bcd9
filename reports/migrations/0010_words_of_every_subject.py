import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("evaluations", "0014_dossier_accesses"),
        ("reports", "0009_archival_pdf"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="reporttext",
            name="one_text_per_revision",
        ),
        migrations.AddField(
            model_name="reporttext",
            name="evaluation",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="report_texts",
                to="evaluations.evaluation",
                verbose_name="hồ sơ",
            ),
        ),
        migrations.AddField(
            model_name="reporttext",
            name="session",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="report_texts",
                to="evaluations.councilsession",
                verbose_name="phiên họp",
            ),
        ),
        migrations.AddConstraint(
            model_name="reporttext",
            constraint=models.UniqueConstraint(
                condition=models.Q(("evaluation__isnull", True), ("session__isnull", True)),
                fields=("pilot_round", "report", "section", "revision"),
                name="one_text_per_revision",
            ),
        ),
        migrations.AddConstraint(
            model_name="reporttext",
            constraint=models.UniqueConstraint(
                condition=models.Q(("evaluation__isnull", False)),
                fields=("evaluation", "report", "section", "revision"),
                name="one_text_per_revision_of_a_dossier",
            ),
        ),
        migrations.AddConstraint(
            model_name="reporttext",
            constraint=models.UniqueConstraint(
                condition=models.Q(("session__isnull", False)),
                fields=("session", "report", "section", "revision"),
                name="one_text_per_revision_of_a_session",
            ),
        ),
        migrations.AddConstraint(
            model_name="reporttext",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("evaluation__isnull", True), ("session__isnull", True), _connector="OR"
                ),
                name="text_is_about_one_subject",
            ),
        ),
    ]
