"""Indexes for the further orders of the register, of the risks that are not dismissed."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("register", "0014_counting_from_indexes"),
        ("systems", "0008_systems_by_name"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="risk",
            name="risk_by_place",
        ),
        migrations.AddIndex(
            model_name="risk",
            index=models.Index(
                condition=models.Q(("dismissed_at", None)),
                fields=["current_likelihood", "current_impact", "number"],
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
        migrations.AddIndex(
            model_name="risk",
            index=models.Index(
                condition=models.Q(("dismissed_at", None)), fields=["updated_at", "number"], name="risk_by_change"
            ),
        ),
        migrations.AddIndex(
            model_name="risk",
            index=models.Index(
                models.OrderBy(models.F("current_level"), nulls_last=True),
                models.F("number"),
                condition=models.Q(("dismissed_at", None)),
                name="risk_by_level_up",
            ),
        ),
        migrations.AddIndex(
            model_name="risk",
            index=models.Index(
                models.OrderBy(models.F("treatment_due"), descending=True, nulls_last=True),
                models.F("number"),
                condition=models.Q(("dismissed_at", None)),
                name="risk_by_due_down",
            ),
        ),
        migrations.AddIndex(
            model_name="risk",
            index=models.Index(
                models.OrderBy(models.F("inherent_level"), descending=True, nulls_last=True),
                models.F("number"),
                condition=models.Q(("dismissed_at", None)),
                name="risk_by_inherent",
            ),
        ),
        migrations.AddIndex(
            model_name="risk",
            index=models.Index(
                models.OrderBy(models.F("inherent_level"), nulls_last=True),
                models.F("number"),
                condition=models.Q(("dismissed_at", None)),
                name="risk_by_inherent_up",
            ),
        ),
        migrations.AddIndex(
            model_name="risk",
            index=models.Index(
                models.OrderBy(models.F("target_level"), descending=True, nulls_last=True),
                models.F("number"),
                condition=models.Q(("dismissed_at", None)),
                name="risk_by_target",
            ),
        ),
        migrations.AddIndex(
            model_name="risk",
            index=models.Index(
                models.OrderBy(models.F("target_level"), nulls_last=True),
                models.F("number"),
                condition=models.Q(("dismissed_at", None)),
                name="risk_by_target_up",
            ),
        ),
        migrations.AddIndex(
            model_name="risk",
            index=models.Index(
                models.OrderBy(models.F("reviewed_at"), nulls_last=True),
                models.F("number"),
                condition=models.Q(("dismissed_at", None)),
                name="risk_by_reviewed",
            ),
        ),
        migrations.AddIndex(
            model_name="risk",
            index=models.Index(
                models.OrderBy(models.F("reviewed_at"), descending=True, nulls_last=True),
                models.F("number"),
                condition=models.Q(("dismissed_at", None)),
                name="risk_by_reviewed_down",
            ),
        ),
    ]
