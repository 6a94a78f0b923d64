"""Indexes for menus of systems by name, and for leaving out those that are archived."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("systems", "0007_importdraft"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="aisystem",
            index=models.Index(fields=["name", "id"], name="system_by_name"),
        ),
        migrations.AddIndex(
            model_name="aisystem",
            index=models.Index(
                condition=models.Q(("archived_at", None), _negated=True), fields=["id"], name="system_archived"
            ),
        ),
    ]
