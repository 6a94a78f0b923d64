"""The database itself refuses to change a row of an edition, whatever role asks. A correction is another edition."""

from django.db import migrations

TABLES = [
    "concern",
    "control",
    "controlgroup",
    "exhibit",
    "framework",
    "frameworkitem",
    "impact",
    "itemlink",
    "modifier",
    "opencre",
    "question",
    "questiongroup",
    "rule",
    "standard",
    "threat",
    "threatcontrol",
]

REFUSE = """
CREATE FUNCTION catalog_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'An edition never changes: give the new content a new date.' USING ERRCODE = 'insufficient_privilege';
END $$;
""" + "".join(
    f"CREATE TRIGGER catalog_{table}_never_changes BEFORE UPDATE ON catalog_{table}"
    " FOR EACH ROW EXECUTE FUNCTION catalog_refuse();\n"
    for table in TABLES
)
ALLOW = "".join(f"DROP TRIGGER catalog_{table}_never_changes ON catalog_{table};\n" for table in TABLES) + (
    "DROP FUNCTION catalog_refuse();"
)


class Migration(migrations.Migration):
    dependencies = [("catalog", "0002_living_catalog")]
    operations = [migrations.RunSQL(REFUSE, ALLOW)]
