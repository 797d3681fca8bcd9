from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ('reports', '0002_append_only'),
    ]

    operations = [
        migrations.AlterField(
            model_name='reportrun',
            name='file_type',
            field=models.CharField(choices=[('pdf', 'PDF'), ('docx', 'Word'), ('xlsx', 'Excel')], max_length=5, verbose_name='loại tệp'),
        ),
    ]
