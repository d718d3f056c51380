import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0007_track_by_code'),
        ('procedures', '0016_certificates'),
    ]

    operations = [
        # Nobody has rated anything yet: the page comes with this migration.
        migrations.AddField(
            model_name='rating',
            name='office',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.office'),
        ),
        migrations.AddIndex(
            model_name='rating',
            index=models.Index(fields=['office', '-id'], name='rating_of_office'),
        ),
    ]
