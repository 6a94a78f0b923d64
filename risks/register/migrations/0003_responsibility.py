"""The register keeps who answers for a threat, so that rooms above and beside assurance can read it.

The rows stay: their table moves here under a new name. A risk loses its copy of the party, which could fall behind.
"""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

RENAME = """
ALTER TABLE register_responsibility
    RENAME CONSTRAINT assurance_responsibility_same_team TO register_responsibility_same_team;
"""
BACK = """
ALTER TABLE register_responsibility
    RENAME CONSTRAINT register_responsibility_same_team TO assurance_responsibility_same_team;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("assurance", "0002_same_team"),
        ("register", "0002_same_team"),
        ("systems", "0002_same_team"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="Responsibility",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("threat_key", models.CharField(max_length=60)),
                        (
                            "party",
                            models.CharField(
                                choices=[("own", "Own"), ("supplier", "Supplier"), ("shared", "Shared")], max_length=10
                            ),
                        ),
                        ("reason", models.TextField(max_length=2000, verbose_name="Reason")),
                        ("set_by_name", models.CharField(max_length=120)),
                        ("at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("superseded_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "system",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="responsibilities",
                                to="systems.aisystem",
                            ),
                        ),
                        (
                            "team",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.team"
                            ),
                        ),
                    ],
                    options={
                        "db_table": "assurance_responsibility",
                        "verbose_name_plural": "responsibilities",
                        "ordering": ["-at", "-pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("superseded_at", None)),
                                fields=("system", "threat_key"),
                                name="one_responsibility_in_force",
                            )
                        ],
                    },
                ),
            ],
        ),
        migrations.AlterModelTable(name="responsibility", table=None),
        migrations.RunSQL(RENAME, BACK),
        migrations.RemoveField(model_name="risk", name="party"),
    ]
