from django.db import migrations

from organisations.append_only import Guarded


class Migration(migrations.Migration):
    dependencies = [
        ('reports', '0001_reports_ordered'),
        ('organisations', '0002_append_only'),
    ]

    operations = [
        Guarded('reports', 'ReportDownload'),
    ]
