"""The table of what all processes must know together: `settings.CACHES` says what."""

from django.core.management import call_command
from django.db import migrations


def make_table(apps, schema_editor):
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


def drop_table(apps, schema_editor):
    schema_editor.execute("DROP TABLE IF EXISTS portal_cache", params=None)


class Migration(migrations.Migration):

    dependencies = [
        ('portal', '0009_documents'),
    ]

    operations = [
        migrations.RunPython(make_table, drop_table),
    ]
