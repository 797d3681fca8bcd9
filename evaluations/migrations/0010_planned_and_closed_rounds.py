import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [
        ("evaluations", "0009_city_dossier"),
        ("organisations", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="pilotround",
            name="planned_participants",
            field=models.ManyToManyField(
                blank=True,
                related_name="+",
                to="organisations.organisation",
                verbose_name="đơn vị dự kiến tham gia",
            ),
        ),
        migrations.AddField(
            model_name="pilotround",
            name="copied_from",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="evaluations.pilotround",
                verbose_name="chép từ đợt",
            ),
        ),
        migrations.AddField(
            model_name="pilotround",
            name="closed_at",
            field=models.DateTimeField(
                blank=True, editable=False, null=True, verbose_name="đóng lúc"
            ),
        ),
        migrations.AddConstraint(
            model_name="pilotround",
            constraint=models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(opened_at__isnull=False),
                name="only_an_opened_round_is_closed",
            ),
        ),
    ]
