"""Dismissals and reviews belong to the team of their system, and a dismissal to the system of its risk."""

from django.db import migrations

ADD = """
ALTER TABLE register_dismissal ADD CONSTRAINT register_dismissal_same_team FOREIGN KEY (team_id, system_id)
    REFERENCES systems_aisystem (team_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE register_dismissal ADD CONSTRAINT register_dismissal_same_system FOREIGN KEY (system_id, risk_id)
    REFERENCES register_risk (system_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE register_review ADD CONSTRAINT register_review_same_team FOREIGN KEY (team_id, system_id)
    REFERENCES systems_aisystem (team_id, id) DEFERRABLE INITIALLY DEFERRED;
"""
DROP = """
ALTER TABLE register_review DROP CONSTRAINT register_review_same_team;
ALTER TABLE register_dismissal DROP CONSTRAINT register_dismissal_same_system;
ALTER TABLE register_dismissal DROP CONSTRAINT register_dismissal_same_team;
"""


class Migration(migrations.Migration):
    dependencies = [("register", "0004_dismissals_and_reviews")]
    operations = [migrations.RunSQL(ADD, DROP)]
