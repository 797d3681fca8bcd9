from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('evaluations', '0004_titles_within_total'),
    ]

    operations = [
        migrations.AddField(
            model_name='sheetevidence',
            name='revision',
            field=models.PositiveSmallIntegerField(default=1, verbose_name='dùng bản'),
        ),
    ]
