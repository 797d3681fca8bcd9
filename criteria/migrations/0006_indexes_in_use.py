from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('criteria', '0005_cited_in_full'),
    ]

    operations = [
        migrations.AlterField(
            model_name='pointset',
            name='code',
            field=models.SlugField(db_index=False, verbose_name='mã'),
        ),
        migrations.AlterField(
            model_name='rating',
            name='code',
            field=models.SlugField(db_index=False, verbose_name='mã'),
        ),
    ]
