import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from organisations.append_only import Guarded


class Migration(migrations.Migration):

    dependencies = [
        ('evaluations', '0014_dossier_accesses'),
        ('organisations', '0002_append_only'),
        ('reports', '0004_run_of_a_session'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ReportText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('report', models.SlugField(max_length=60, verbose_name='báo cáo')),
                ('section', models.SlugField(max_length=40, verbose_name='mục')),
                ('revision', models.PositiveIntegerField(verbose_name='lần sửa')),
                ('text', models.TextField(blank=True, verbose_name='lời văn')),
                ('suggested', models.TextField(blank=True, verbose_name='bản gợi ý lúc sửa')),
                ('is_suggested', models.BooleanField(default=False, verbose_name='dùng bản gợi ý')),
                ('written_at', models.DateTimeField(auto_now_add=True, verbose_name='sửa lúc')),
                ('pilot_round', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='report_texts', to='evaluations.pilotround', verbose_name='đợt')),
                ('written_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người sửa')),
            ],
            options={
                'verbose_name': 'lời văn báo cáo',
                'verbose_name_plural': 'lời văn báo cáo',
                'ordering': ['pilot_round', 'report', 'section', '-revision'],
                'constraints': [models.UniqueConstraint(fields=('pilot_round', 'report', 'section', 'revision'), name='one_text_per_revision'), models.CheckConstraint(condition=models.Q(('is_suggested', False), ('text', ''), _connector='OR'), name='suggested_text_is_not_kept')],
            },
        ),
        Guarded('reports', 'ReportText'),
    ]
