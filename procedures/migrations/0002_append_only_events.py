from django.db import migrations

FORBID = """
CREATE FUNCTION forbid_change_of_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'events are append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON procedures_dossierevent
    FOR EACH ROW EXECUTE FUNCTION forbid_change_of_history();
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON procedures_dossierevent
    FOR EACH STATEMENT EXECUTE FUNCTION forbid_change_of_history();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON procedures_filing
    FOR EACH ROW EXECUTE FUNCTION forbid_change_of_history();
"""

ALLOW = """
DROP TRIGGER append_only ON procedures_filing;
DROP TRIGGER append_only_truncate ON procedures_dossierevent;
DROP TRIGGER append_only ON procedures_dossierevent;
DROP FUNCTION forbid_change_of_history();
"""


class Migration(migrations.Migration):
    dependencies = [("procedures", "0001_initial")]
    operations = [migrations.RunSQL(FORBID, ALLOW)]
