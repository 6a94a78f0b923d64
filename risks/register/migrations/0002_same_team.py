"""A child and its parent belong to one team: the database checks it, so that no bug can let a row point across teams."""

from django.db import migrations

ADD = """
ALTER TABLE register_risk ADD CONSTRAINT register_risk_same_team FOREIGN KEY (team_id, system_id)
    REFERENCES systems_aisystem (team_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE register_rating ADD CONSTRAINT register_rating_same_team FOREIGN KEY (team_id, risk_id)
    REFERENCES register_risk (team_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE register_treatment ADD CONSTRAINT register_treatment_same_team FOREIGN KEY (team_id, risk_id)
    REFERENCES register_risk (team_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE register_responsibility ADD CONSTRAINT register_responsibility_same_team FOREIGN KEY (team_id, system_id)
    REFERENCES systems_aisystem (team_id, id) DEFERRABLE INITIALLY DEFERRED;
"""
DROP = """
ALTER TABLE register_risk DROP CONSTRAINT register_risk_same_team;
ALTER TABLE register_rating DROP CONSTRAINT register_rating_same_team;
ALTER TABLE register_treatment DROP CONSTRAINT register_treatment_same_team;
ALTER TABLE register_responsibility DROP CONSTRAINT register_responsibility_same_team;
"""


class Migration(migrations.Migration):
    dependencies = [("register", "0001_initial"), ("systems", "0002_same_team")]
    operations = [migrations.RunSQL(ADD, DROP)]
