"""A rating keeps the edition it was judged by. Those that are there were judged by the edition of their risk."""

from django.db import migrations, models

FILL = """
UPDATE register_rating SET edition = risk.edition FROM register_risk risk WHERE risk.id = register_rating.risk_id
"""


class Migration(migrations.Migration):
    dependencies = [("register", "0002_same_team")]
    operations = [
        migrations.AddField(
            model_name="rating",
            name="edition",
            field=models.CharField(
                default="", help_text="The one in force at that moment.", max_length=20, verbose_name="Catalog edition"
            ),
            preserve_default=False,
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
