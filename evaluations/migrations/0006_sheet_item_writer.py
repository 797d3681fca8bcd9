import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('evaluations', '0005_sheet_evidence_revision'),
    ]

    operations = [
        migrations.AddField(
            model_name='sheetitem',
            name='updated_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='sửa lúc'),
        ),
        migrations.AddField(
            model_name='sheetitem',
            name='updated_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người sửa'),
        ),
    ]
