from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('reports', '0007_run_of_a_criteria_set'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='reportrun',
            index=models.Index(fields=['sha256'], name='run_by_hash'),
        ),
    ]
