from django.db import migrations

TABLE = "evaluations_indicatorresult"


class Migration(migrations.Migration):
    """A column that may be null, an index made concurrently: docs/decisions/0018."""

    atomic = False
    dependencies = [("evaluations", "0001_initial")]
    operations = [
        migrations.RunSQL(f"ALTER TABLE {TABLE} ADD COLUMN IF NOT EXISTS ghi_them text NULL"),
        migrations.RunSQL(
            f"CREATE INDEX CONCURRENTLY IF NOT EXISTS ghi_them_idx ON {TABLE} (ghi_them)"
        ),
    ]
