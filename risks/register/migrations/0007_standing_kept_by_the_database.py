"""What is in force of ratings and treatment stands on the risk, written by the database and by nobody else (ADR 10)."""

from django.db import migrations

KINDS = ("inherent", "current", "target")
NUMBERS = ("likelihood", "impact", "level")
TREATED = ("option", "status", "due", "owner_id")
COLUMNS = [f"{kind}_{number}" for kind in KINDS for number in NUMBERS] + [f"treatment_{name}" for name in TREATED]
NEW, OLD = (", ".join(f"{row}.{column}" for column in COLUMNS) for row in ("NEW", "OLD"))

OF_A_KIND = """
    {test} of_kind = '{kind}' THEN
        UPDATE register_risk SET {kind}_likelihood = found.likelihood, {kind}_impact = found.impact,
            {kind}_level = found.level
        WHERE id = subject AND ({kind}_likelihood, {kind}_impact, {kind}_level)
            IS DISTINCT FROM (found.likelihood, found.impact, found.level);"""

# One row per kind and risk is in force, the constraints see to it, so max() picks that one or null.
FUNCTIONS = f"""
CREATE FUNCTION register_rating_stands() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    subject bigint := COALESCE(NEW.risk_id, OLD.risk_id);
    of_kind text := COALESCE(NEW.kind, OLD.kind);
    found record;
BEGIN
    SELECT max(likelihood) AS likelihood, max(impact) AS impact, max(level) AS level INTO found
        FROM register_rating WHERE risk_id = subject AND kind = of_kind AND superseded_at IS NULL;
    {"".join(OF_A_KIND.format(test="IF" if kind == KINDS[0] else "ELSIF", kind=kind) for kind in KINDS)}
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION register_treatment_stands() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    subject bigint := COALESCE(NEW.risk_id, OLD.risk_id);
    found record;
BEGIN
    SELECT max(option) AS option, max(status) AS status, max(due) AS due, max(owner_id) AS owner_id INTO found
        FROM register_treatment WHERE risk_id = subject AND superseded_at IS NULL;
    UPDATE register_risk SET treatment_option = found.option, treatment_status = found.status,
        treatment_due = found.due, treatment_owner_id = found.owner_id
    WHERE id = subject AND (treatment_option, treatment_status, treatment_due, treatment_owner_id)
        IS DISTINCT FROM (found.option, found.status, found.due, found.owner_id);
    RETURN NULL;
END $$;

CREATE FUNCTION register_risk_standing_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() < 2 THEN
        RAISE EXCEPTION 'What stands on a risk follows its ratings and treatment; write those.'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
"""  # noqa: S608  # column names of this file

FILL = """
UPDATE register_risk SET
    inherent_likelihood = inherent.likelihood, inherent_impact = inherent.impact, inherent_level = inherent.level,
    current_likelihood = now.likelihood, current_impact = now.impact, current_level = now.level,
    target_likelihood = target.likelihood, target_impact = target.impact, target_level = target.level,
    treatment_option = treatment.option, treatment_status = treatment.status,
    treatment_due = treatment.due, treatment_owner_id = treatment.owner_id
FROM register_risk AS same
    LEFT JOIN register_rating AS inherent
        ON inherent.risk_id = same.id AND inherent.kind = 'inherent' AND inherent.superseded_at IS NULL
    LEFT JOIN register_rating AS now
        ON now.risk_id = same.id AND now.kind = 'current' AND now.superseded_at IS NULL
    LEFT JOIN register_rating AS target
        ON target.risk_id = same.id AND target.kind = 'target' AND target.superseded_at IS NULL
    LEFT JOIN register_treatment AS treatment ON treatment.risk_id = same.id AND treatment.superseded_at IS NULL
WHERE same.id = register_risk.id;
SET CONSTRAINTS ALL IMMEDIATE;
"""

TRIGGERS = f"""
CREATE TRIGGER register_rating_stands AFTER INSERT OR UPDATE OR DELETE ON register_rating
    FOR EACH ROW EXECUTE FUNCTION register_rating_stands();
CREATE TRIGGER register_treatment_stands AFTER INSERT OR UPDATE OR DELETE ON register_treatment
    FOR EACH ROW EXECUTE FUNCTION register_treatment_stands();
CREATE TRIGGER register_risk_standing_is_kept BEFORE UPDATE ON register_risk
    FOR EACH ROW WHEN (({NEW}) IS DISTINCT FROM ({OLD})) EXECUTE FUNCTION register_risk_standing_is_kept();
CREATE TRIGGER register_risk_begins_without_standing BEFORE INSERT ON register_risk
    FOR EACH ROW WHEN (num_nonnulls({NEW}) > 0) EXECUTE FUNCTION register_risk_standing_is_kept();
"""

DROP = """
DROP TRIGGER register_risk_begins_without_standing ON register_risk;
DROP TRIGGER register_risk_standing_is_kept ON register_risk;
DROP TRIGGER register_treatment_stands ON register_treatment;
DROP TRIGGER register_rating_stands ON register_rating;
DROP FUNCTION register_risk_standing_is_kept();
DROP FUNCTION register_treatment_stands();
DROP FUNCTION register_rating_stands();
"""


class Migration(migrations.Migration):
    dependencies = [("register", "0006_standing")]
    operations = [
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunSQL(FUNCTIONS + TRIGGERS, DROP),
    ]
