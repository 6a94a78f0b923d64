"""The table of responsibilities belongs to the register now (register 0003). Nothing happens in the database here."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("assurance", "0002_same_team"), ("register", "0003_responsibility")]
    operations = [
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel("Responsibility")]),
    ]
