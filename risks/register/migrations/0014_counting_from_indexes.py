"""Counts and figures read an index alone, with the system beside what is counted."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("register", "0013_reviews_kept_by_the_database"),
        ("systems", "0008_systems_by_name"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="risk",
            name="risk_by_due",
        ),
        migrations.RemoveIndex(
            model_name="risk",
            name="risk_by_status",
        ),
        migrations.RemoveIndex(
            model_name="risk",
            name="risk_by_place",
        ),
        migrations.AddIndex(
            model_name="risk",
            index=models.Index(
                condition=models.Q(("dismissed_at", None)),
                fields=["treatment_due", "number"],
                include=("system", "treatment_status"),
                name="risk_by_due",
            ),
        ),
        migrations.AddIndex(
            model_name="risk",
            index=models.Index(
                condition=models.Q(("dismissed_at", None)),
                fields=["current_level", "reviewed_at"],
                include=("system",),
                name="risk_by_review",
            ),
        ),
        migrations.AddIndex(
            model_name="risk",
            index=models.Index(
                condition=models.Q(("dismissed_at", None)),
                fields=["treatment_status", "current_level", "treatment_due"],
                include=("system",),
                name="risk_by_status",
            ),
        ),
        migrations.AddIndex(
            model_name="risk",
            index=models.Index(
                condition=models.Q(("dismissed_at", None)),
                fields=["current_likelihood", "current_impact"],
                include=(
                    "system",
                    "team",
                    "current_level",
                    "treatment_option",
                    "treatment_status",
                    "treatment_due",
                    "reviewed_at",
                ),
                name="risk_by_place",
            ),
        ),
    ]
