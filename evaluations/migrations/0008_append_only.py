from django.db import migrations

from organisations.append_only import Guarded


class Migration(migrations.Migration):
    dependencies = [
        ('evaluations', '0007_council_and_decisions'),
        ('organisations', '0002_append_only'),
    ]

    operations = [
        Guarded('evaluations', 'Event', 'RoundEvent', 'UnitEvent', 'SessionEvent'),
        Guarded('evaluations', 'EvidenceAccess', 'DecisionAccess', 'RemovedEvidence'),
        Guarded('evaluations', 'Snapshot', 'Decision', 'DecisionLine'),
    ]
