"""Who proposed an acceptance and who decided it stays as it was written, so that no route leads to self-approval."""

from django.db import migrations

ADD = """
ALTER TABLE register_acceptance ADD CONSTRAINT register_acceptance_same_team FOREIGN KEY (team_id, risk_id)
    REFERENCES register_risk (team_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE register_measure ADD CONSTRAINT register_measure_same_team FOREIGN KEY (team_id, risk_id)
    REFERENCES register_risk (team_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE register_comment ADD CONSTRAINT register_comment_same_team FOREIGN KEY (team_id, risk_id)
    REFERENCES register_risk (team_id, id) DEFERRABLE INITIALLY DEFERRED;

CREATE FUNCTION register_acceptance_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.risk_id, NEW.proposed_by_id, NEW.proposed_at, NEW.reason, NEW.conditions, NEW.until, NEW.likelihood,
        NEW.impact, NEW.level, NEW.scale, NEW.is_outside, NEW.edition, NEW.profile_number)
        IS DISTINCT FROM
       (OLD.risk_id, OLD.proposed_by_id, OLD.proposed_at, OLD.reason, OLD.conditions, OLD.until, OLD.likelihood,
        OLD.impact, OLD.level, OLD.scale, OLD.is_outside, OLD.edition, OLD.profile_number)
    THEN
        RAISE EXCEPTION 'What was proposed stays as it was; propose anew.' USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.decided_by_id IS NOT NULL AND (NEW.decided_by_id, NEW.decided_at) IS DISTINCT FROM
        (OLD.decided_by_id, OLD.decided_at)
    THEN
        RAISE EXCEPTION 'Who decided stays as it was.' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state <> OLD.state AND NOT (
        (OLD.state = 'proposed' AND NEW.state IN ('approved', 'refused', 'withdrawn'))
        OR (OLD.state = 'approved' AND NEW.state IN ('withdrawn', 'expired', 'stale', 'renewed')))
    THEN
        RAISE EXCEPTION 'An acceptance that is % cannot become %.', OLD.state, NEW.state
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION register_acceptance_begins_proposed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'An acceptance begins as a proposal.' USING ERRCODE = 'check_violation';
END $$;

CREATE TRIGGER register_acceptance_is_kept BEFORE UPDATE ON register_acceptance
    FOR EACH ROW EXECUTE FUNCTION register_acceptance_is_kept();
CREATE TRIGGER register_acceptance_begins_proposed BEFORE INSERT ON register_acceptance
    FOR EACH ROW WHEN (NEW.state <> 'proposed' OR NEW.decided_by_id IS NOT NULL)
    EXECUTE FUNCTION register_acceptance_begins_proposed();
"""
DROP = """
DROP TRIGGER register_acceptance_begins_proposed ON register_acceptance;
DROP TRIGGER register_acceptance_is_kept ON register_acceptance;
DROP FUNCTION register_acceptance_begins_proposed();
DROP FUNCTION register_acceptance_is_kept();
ALTER TABLE register_comment DROP CONSTRAINT register_comment_same_team;
ALTER TABLE register_measure DROP CONSTRAINT register_measure_same_team;
ALTER TABLE register_acceptance DROP CONSTRAINT register_acceptance_same_team;
"""


class Migration(migrations.Migration):
    dependencies = [("register", "0008_scale_measures_acceptances")]
    operations = [migrations.RunSQL(ADD, DROP)]
