from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('organisations', '0007_personal_data'),
    ]

    operations = [
        migrations.AlterField(
            model_name='organisation',
            name='search',
            field=models.CharField(editable=False, max_length=310, verbose_name='khóa tìm kiếm'),
        ),
        migrations.AlterField(
            model_name='user',
            name='search',
            field=models.CharField(editable=False, max_length=240, verbose_name='khóa tìm kiếm'),
        ),
    ]
