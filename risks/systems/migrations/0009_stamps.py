"""A stamp on each system: another number whenever something is written that what is said of its threats rests on.

The database gives it, also where a write goes past the services, and never the same twice: a sequence does not go back
when a transaction does. The rooms above put their own tables under it (`systems_stamp_anew`, `systems_stamp_added`).
ADR 12 says why.
"""

from django.db import migrations, models

FILL = "UPDATE systems_aisystem SET stamp = nextval('systems_stamp')"

# A whole row that was read before would write an old stamp back: the trigger keeps the newer one.
ADD = """
CREATE FUNCTION systems_stamp_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.stamp := CASE TG_OP WHEN 'INSERT' THEN nextval('systems_stamp') ELSE GREATEST(OLD.stamp, NEW.stamp) END;
    RETURN NEW;
END $$;
CREATE TRIGGER systems_stamp_is_given BEFORE INSERT ON systems_aisystem
    FOR EACH ROW EXECUTE FUNCTION systems_stamp_is_kept();
CREATE TRIGGER systems_stamp_is_kept BEFORE UPDATE ON systems_aisystem
    FOR EACH ROW WHEN (NEW.stamp < OLD.stamp) EXECUTE FUNCTION systems_stamp_is_kept();

CREATE FUNCTION systems_stamp_anew() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE systems_aisystem SET stamp = nextval('systems_stamp') WHERE id IN (OLD.system_id, NEW.system_id);
    RETURN NULL;
END $$;

CREATE FUNCTION systems_stamp_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE systems_aisystem SET stamp = nextval('systems_stamp') WHERE id IN (SELECT system_id FROM added);
    RETURN NULL;
END $$;

CREATE TRIGGER systems_profile_stamps_added AFTER INSERT ON systems_profile
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION systems_stamp_added();
CREATE TRIGGER systems_profile_stamps AFTER UPDATE OR DELETE ON systems_profile
    FOR EACH ROW EXECUTE FUNCTION systems_stamp_anew();
"""

DROP = """
DROP TRIGGER systems_profile_stamps ON systems_profile;
DROP TRIGGER systems_profile_stamps_added ON systems_profile;
DROP FUNCTION systems_stamp_added();
DROP FUNCTION systems_stamp_anew();
DROP TRIGGER systems_stamp_is_kept ON systems_aisystem;
DROP TRIGGER systems_stamp_is_given ON systems_aisystem;
DROP FUNCTION systems_stamp_is_kept();
"""


class Migration(migrations.Migration):
    dependencies = [("systems", "0008_systems_by_name")]
    operations = [
        migrations.RunSQL("CREATE SEQUENCE systems_stamp AS bigint", "DROP SEQUENCE systems_stamp"),
        migrations.AddField("aisystem", "stamp", models.BigIntegerField(default=0, editable=False)),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunSQL(ADD, DROP),
    ]
