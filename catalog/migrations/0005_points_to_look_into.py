import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

REFUSE = (
    "CREATE TRIGGER catalog_point_never_changes BEFORE UPDATE ON catalog_point"
    " FOR EACH ROW EXECUTE FUNCTION catalog_refuse();"
)
ALLOW = "DROP TRIGGER catalog_point_never_changes ON catalog_point;"


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0004_own_threats_in_full"),
    ]

    operations = [
        migrations.CreateModel(
            name="Point",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveIntegerField()),
                ("key", models.CharField(max_length=60)),
                ("context", models.CharField(choices=[("rag", "Retrieval"), ("agentic", "Agents")], max_length=10)),
                ("when", models.JSONField()),
                ("question", models.CharField(max_length=200)),
                ("why", models.TextField()),
                ("settled_by", models.JSONField(null=True)),
                (
                    "threats",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), null=True),
                ),
                (
                    "controls",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), null=True),
                ),
                ("url", models.URLField()),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="%(class)ss", to="catalog.edition"
                    ),
                ),
            ],
            options={
                "ordering": ["edition", "position"],
                "abstract": False,
                "constraints": [models.UniqueConstraint(fields=("edition", "key"), name="point_key")],
            },
        ),
        migrations.RunSQL(REFUSE, ALLOW),
    ]
