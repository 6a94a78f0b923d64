"""Indexes for the orders and figures of lists, of the risks that are not dismissed."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("register", "0010_acceptance_blanks"),
        ("systems", "0007_importdraft"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="risk",
            index=models.Index(
                models.OrderBy(models.F("current_level"), descending=True, nulls_last=True),
                models.F("number"),
                condition=models.Q(("dismissed_at", None)),
                name="risk_by_level",
            ),
        ),
        migrations.AddIndex(
            model_name="risk",
            index=models.Index(
                models.F("team"),
                models.OrderBy(models.F("current_level"), descending=True, nulls_last=True),
                models.F("number"),
                condition=models.Q(("dismissed_at", None)),
                name="risk_by_team_and_level",
            ),
        ),
        migrations.AddIndex(
            model_name="risk",
            index=models.Index(
                condition=models.Q(("dismissed_at", None)), fields=["treatment_due", "number"], name="risk_by_due"
            ),
        ),
        migrations.AddIndex(
            model_name="risk",
            index=models.Index(
                condition=models.Q(("dismissed_at", None)),
                fields=["treatment_owner", "treatment_due"],
                name="risk_by_owner",
            ),
        ),
        migrations.AddIndex(
            model_name="risk",
            index=models.Index(
                condition=models.Q(("dismissed_at", None)),
                fields=["treatment_status", "current_level", "treatment_due"],
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
                ),
                name="risk_by_place",
            ),
        ),
        migrations.AddIndex(
            model_name="risk",
            index=models.Index(
                condition=models.Q(("dismissed_at", None)),
                fields=["system", "threat_key"],
                name="risk_threats_of_system",
            ),
        ),
    ]
