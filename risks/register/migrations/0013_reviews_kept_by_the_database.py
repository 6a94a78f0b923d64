"""The moment from which a risk's next review counts stands on the risk, written by the database alone (ADR 10)."""

from django.db import migrations

FILL = """
UPDATE register_risk SET reviewed_at = register_rating.at
FROM register_rating
WHERE register_rating.risk_id = register_risk.id AND kind = 'current' AND superseded_at IS NULL;
SET CONSTRAINTS ALL IMMEDIATE;
"""

ADD = """
ALTER TABLE register_riskreview ADD CONSTRAINT register_riskreview_same_team FOREIGN KEY (team_id, risk_id)
    REFERENCES register_risk (team_id, id) DEFERRABLE INITIALLY DEFERRED;

CREATE FUNCTION register_review_stands() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    subject bigint := COALESCE(NEW.risk_id, OLD.risk_id);
    since timestamptz;
BEGIN
    IF TG_TABLE_NAME = 'register_rating' THEN
        IF COALESCE(NEW.kind, OLD.kind) <> 'current' THEN
            RETURN NULL;
        END IF;
    END IF;
    SELECT GREATEST(max(at), (SELECT max(at) FROM register_riskreview WHERE risk_id = subject)) INTO since
        FROM register_rating WHERE risk_id = subject AND kind = 'current' AND superseded_at IS NULL
        HAVING max(at) IS NOT NULL;
    UPDATE register_risk SET reviewed_at = since WHERE id = subject AND reviewed_at IS DISTINCT FROM since;
    RETURN NULL;
END $$;

CREATE TRIGGER register_review_of_rating AFTER INSERT OR UPDATE OR DELETE ON register_rating
    FOR EACH ROW EXECUTE FUNCTION register_review_stands();
CREATE TRIGGER register_review_stands AFTER INSERT OR UPDATE OR DELETE ON register_riskreview
    FOR EACH ROW EXECUTE FUNCTION register_review_stands();
CREATE TRIGGER register_risk_review_is_kept BEFORE UPDATE ON register_risk
    FOR EACH ROW WHEN (NEW.reviewed_at IS DISTINCT FROM OLD.reviewed_at)
    EXECUTE FUNCTION register_risk_standing_is_kept();
CREATE TRIGGER register_risk_begins_without_review BEFORE INSERT ON register_risk
    FOR EACH ROW WHEN (NEW.reviewed_at IS NOT NULL) EXECUTE FUNCTION register_risk_standing_is_kept();
"""

DROP = """
DROP TRIGGER register_risk_begins_without_review ON register_risk;
DROP TRIGGER register_risk_review_is_kept ON register_risk;
DROP TRIGGER register_review_stands ON register_riskreview;
DROP TRIGGER register_review_of_rating ON register_rating;
DROP FUNCTION register_review_stands();
ALTER TABLE register_riskreview DROP CONSTRAINT register_riskreview_same_team;
"""


class Migration(migrations.Migration):
    dependencies = [("register", "0012_risk_reviews")]
    operations = [
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunSQL(ADD, DROP),
    ]
