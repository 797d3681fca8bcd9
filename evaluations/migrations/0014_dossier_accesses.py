import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from organisations.append_only import Guarded


class Migration(migrations.Migration):

    dependencies = [
        ('evaluations', '0013_overridden_verdicts'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='DossierAccess',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('report', 'tải báo cáo'), ('trail', 'tải quá trình')], max_length=10, verbose_name='việc')),
                ('what', models.CharField(max_length=300, verbose_name='thứ được tải')),
                ('at', models.DateTimeField(auto_now_add=True, verbose_name='lúc')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người tải')),
                ('evaluation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='accesses', to='evaluations.evaluation', verbose_name='hồ sơ')),
            ],
            options={
                'verbose_name': 'lượt tải của hồ sơ',
                'verbose_name_plural': 'lượt tải của hồ sơ',
                'ordering': ['-at', '-pk'],
            },
        ),
        Guarded('evaluations', 'DossierAccess'),
    ]
