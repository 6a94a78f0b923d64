"""What became of an export: which teams the file tells about, by which edition, or why there is none."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="export",
            name="edition",
            field=models.CharField(blank=True, max_length=20, verbose_name="Catalog edition"),
        ),
        migrations.AddField(
            model_name="export",
            name="failure",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name="export",
            name="teams",
            field=models.JSONField(blank=True, default=list),
        ),
    ]
