from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("systems", "0005_remove_supplier_text")]

    operations = [
        migrations.AddField(
            model_name="component",
            name="removed_reason",
            field=models.TextField(blank=True, editable=False, max_length=2000, verbose_name="Why it was removed"),
        ),
    ]
