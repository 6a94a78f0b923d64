"""A child and its parent belong to one team: the database checks it, so that no bug can let a row point across teams."""

from django.db import migrations

ADD = """
ALTER TABLE assurance_responsibility ADD CONSTRAINT assurance_responsibility_same_team FOREIGN KEY (team_id, system_id)
    REFERENCES systems_aisystem (team_id, id) DEFERRABLE INITIALLY DEFERRED;
"""
DROP = """
ALTER TABLE assurance_responsibility DROP CONSTRAINT assurance_responsibility_same_team;
"""


class Migration(migrations.Migration):
    dependencies = [("assurance", "0001_initial")]
    operations = [migrations.RunSQL(ADD, DROP)]
