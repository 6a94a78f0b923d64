"""What is registered, dismissed and reviewed stamps its system anew (systems, migration 0009).

A risk does so when it comes, goes, is dismissed or taken back, not when it is rated or treated. The index that this was
read from goes: nothing asks for it any more.
"""

from django.db import migrations

STAMPED = ("register_review", "register_dismissal")

ADD = """
CREATE TRIGGER register_risk_stamps_added AFTER INSERT ON register_risk
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION systems_stamp_added();
CREATE TRIGGER register_risk_stamps AFTER UPDATE ON register_risk
    FOR EACH ROW WHEN ((OLD.dismissed_at IS NULL, OLD.threat_key, OLD.system_id)
        IS DISTINCT FROM (NEW.dismissed_at IS NULL, NEW.threat_key, NEW.system_id))
    EXECUTE FUNCTION systems_stamp_anew();
CREATE TRIGGER register_risk_stamps_gone AFTER DELETE ON register_risk
    FOR EACH ROW EXECUTE FUNCTION systems_stamp_anew();
""" + "".join(
    f"""
CREATE TRIGGER {table}_stamps_added AFTER INSERT ON {table}
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION systems_stamp_added();
CREATE TRIGGER {table}_stamps AFTER UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION systems_stamp_anew();
"""
    for table in STAMPED
)

DROP = """
DROP TRIGGER register_risk_stamps_added ON register_risk;
DROP TRIGGER register_risk_stamps ON register_risk;
DROP TRIGGER register_risk_stamps_gone ON register_risk;
""" + "".join(
    f"DROP TRIGGER {table}_stamps_added ON {table}; DROP TRIGGER {table}_stamps ON {table};" for table in STAMPED
)


class Migration(migrations.Migration):
    dependencies = [("register", "0017_versions_of_views"), ("systems", "0009_stamps")]
    operations = [
        migrations.RunSQL(ADD, DROP),
        migrations.RemoveIndex("risk", "risk_threats_of_system"),
    ]
