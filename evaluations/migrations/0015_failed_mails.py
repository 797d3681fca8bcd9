from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('evaluations', '0014_dossier_accesses'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name='mail',
            index=models.Index(condition=models.Q(('status', 'failed')), fields=['created_at'], name='failed_mails'),
        ),
    ]
