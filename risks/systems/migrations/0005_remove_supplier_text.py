from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("systems", "0004_suppliers_from_texts")]
    operations = [migrations.RemoveField(model_name="aisystem", name="supplier")]
