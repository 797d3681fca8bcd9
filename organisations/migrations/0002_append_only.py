from django.db import migrations

from organisations.append_only import Guarded, create_function


class Migration(migrations.Migration):
    dependencies = [
        ('organisations', '0001_initial'),
    ]

    operations = [
        create_function(),
        Guarded('organisations', 'AccountEvent'),
    ]
