from django.db import migrations


class Migration(migrations.Migration):
    """Whoever asks about the dossiers begun in a period (the funnel) skips the years before it: a few pages
    of an index that costs an insert nothing."""

    dependencies = [("procedures", "0011_who_looked")]
    operations = [
        migrations.RunSQL(
            "CREATE INDEX dossier_begun ON procedures_dossier USING brin (created_at)",
            "DROP INDEX dossier_begun",
        )
    ]
