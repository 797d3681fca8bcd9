import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ('evaluations', '0014_dossier_accesses'),
        ('reports', '0003_word'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='reportrun',
            name='run_is_about_one_dossier_or_one_round',
        ),
        migrations.AddField(
            model_name='reportrun',
            name='session',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='report_runs', to='evaluations.councilsession', verbose_name='phiên họp'),
        ),
        migrations.AddConstraint(
            model_name='reportrun',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('evaluation__isnull', False), ('pilot_round', None), ('session', None)), models.Q(('evaluation', None), ('pilot_round__isnull', False), ('session', None)), models.Q(('evaluation', None), ('pilot_round', None), ('session__isnull', False)), _connector='OR'), name='run_is_about_one_subject'),
        ),
        migrations.AddConstraint(
            model_name='reportrun',
            constraint=models.UniqueConstraint(condition=models.Q(('session__isnull', False), ('status__in', ['queued', 'running'])), fields=('requested_by', 'report', 'file_type', 'session'), name='one_active_run_per_session'),
        ),
    ]
