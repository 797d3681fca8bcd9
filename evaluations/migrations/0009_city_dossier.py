import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('evaluations', '0008_append_only'),
        ('organisations', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='pilotround',
            name='standing_agency',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation', verbose_name='cơ quan thường trực'),
        ),
        migrations.CreateModel(
            name='Assignment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='hạn nội bộ')),
                ('state', models.CharField(choices=[('working', 'đang làm'), ('handed_over', 'đã bàn giao'), ('returned', 'trả lại để làm tiếp')], default='working', max_length=12, verbose_name='trạng thái')),
                ('since', models.DateTimeField(default=django.utils.timezone.now, verbose_name='ở trạng thái này từ')),
                ('reason', models.TextField(blank=True, verbose_name='lý do trả lại')),
                ('agency', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to='organisations.organisation', verbose_name='cơ quan chủ trì')),
                ('moved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người chuyển')),
                ('result', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='assignment', to='evaluations.indicatorresult', verbose_name='kết quả chỉ báo')),
            ],
            options={
                'verbose_name': 'phân công chỉ báo',
                'verbose_name_plural': 'phân công chỉ báo',
                'ordering': ['result__indicator__position'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state', 'returned'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='returning_an_indicator_needs_a_reason', violation_error_message='Ghi lý do trả lại: cơ quan sẽ đọc lý do này.'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'handed_over'), _negated=True), models.Q(('agency__isnull', False), ('moved_by__isnull', False)), _connector='OR'), name='somebody_hands_over')],
            },
        ),
    ]
