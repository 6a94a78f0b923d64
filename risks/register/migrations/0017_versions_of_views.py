"""Saved views count their versions, so that nobody overwrites what they have not read."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("register", "0016_time_requests"),
    ]

    operations = [
        migrations.AddField(
            model_name="savedview",
            name="version",
            field=models.PositiveIntegerField(default=1),
        ),
    ]
