"""Say in the catalogue which registers a derived share is counted from.

The published text does not change; the two sets of Kế hoạch 02 get the word that their measure
lacked, so that a set in use is still the one that its fixture holds.
"""

from django.db import migrations

COUNTED_FROM = {
    "quan-huyen-2022": {"2.1.1": "agencies", "2.1.2": "communes"},
    "thanh-pho-2022": {"2.1.1": "agencies", "2.1.2": "districts"},
}


def say_it(apps, schema_editor):
    indicators = apps.get_model("criteria", "Indicator").objects
    for set_code, sources in COUNTED_FROM.items():
        for indicator in indicators.filter(criteria_set__code=set_code, code__in=sources):
            indicator.measure_data = {
                **indicator.measure_data,
                "counted_from": sources[indicator.code],
            }
            indicator.save(update_fields=["measure_data"])


class Migration(migrations.Migration):
    dependencies = [("criteria", "0002_point_sets")]
    operations = [migrations.RunPython(say_it, migrations.RunPython.noop)]
