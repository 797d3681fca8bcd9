from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('reports', '0010_words_of_every_subject'),
    ]

    operations = [
        migrations.AlterField(
            model_name='reportrun',
            name='report',
            field=models.SlugField(db_index=False, max_length=60, verbose_name='báo cáo'),
        ),
        migrations.AlterField(
            model_name='reporttext',
            name='report',
            field=models.SlugField(db_index=False, max_length=60, verbose_name='báo cáo'),
        ),
        migrations.AlterField(
            model_name='reporttext',
            name='section',
            field=models.SlugField(db_index=False, max_length=40, verbose_name='mục'),
        ),
        migrations.AddIndex(
            model_name='reportrun',
            index=models.Index(condition=models.Q(('status__in', ['queued', 'running'])), fields=['status'], name='active_runs'),
        ),
    ]
