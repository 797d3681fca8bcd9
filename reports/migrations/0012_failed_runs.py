from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('criteria', '0006_indexes_in_use'),
        ('evaluations', '0015_failed_mails'),
        ('reports', '0011_indexes_in_use'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name='reportrun',
            index=models.Index(condition=models.Q(('status', 'failed')), fields=['finished_at'], name='failed_runs'),
        ),
    ]
