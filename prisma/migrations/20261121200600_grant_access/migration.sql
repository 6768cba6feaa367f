-- Who may do what (audit.md section 2). A table that no grant names is out of reach: a new one needs a line in its migration.
SET ROLE migrator;

GRANT USAGE ON SCHEMA identity, notifications, platform, reference, support TO app_web, app_worker;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA identity, notifications, platform, reference, support TO app_web, app_worker;
GRANT USAGE ON SEQUENCE identity.member_id_seq TO app_web, app_worker;

-- Append-only.
REVOKE UPDATE, DELETE ON identity.consent, identity.login_event FROM app_web, app_worker;
-- The request log is written by the web role and thinned out by the worker.
REVOKE UPDATE, DELETE ON platform.api_log FROM app_web;

-- Monthly partitions are reached through their parent only.
DO $$
DECLARE
  part regclass;
BEGIN
  FOR part IN SELECT i.inhrelid::regclass FROM pg_inherits AS i WHERE i.inhparent IN ('identity.login_event'::regclass, 'platform.api_log'::regclass) LOOP
    EXECUTE format('REVOKE ALL ON %s FROM app_web, app_worker', part);
  END LOOP;
END
$$;

-- pg-boss makes its tables as migrator; the application only uses them.
GRANT USAGE ON SCHEMA pgboss TO app_web, app_worker;
ALTER DEFAULT PRIVILEGES IN SCHEMA pgboss GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO app_web, app_worker;
ALTER DEFAULT PRIVILEGES IN SCHEMA pgboss GRANT USAGE ON SEQUENCES TO app_web, app_worker;
ALTER DEFAULT PRIVILEGES IN SCHEMA pgboss GRANT EXECUTE ON FUNCTIONS TO app_web, app_worker;

GRANT EXECUTE ON FUNCTION platform.make_partitions(date, date) TO app_worker;

RESET ROLE;
SET ROLE audit_owner;

GRANT USAGE ON SCHEMA audit TO app_web, app_worker, audit_reader;
GRANT SELECT ON audit."action", audit.event, audit.control, audit.leaf, audit.checkpoint, audit.anchor, audit.search, audit.enrichment,
  audit.hold, audit.policy, audit.epoch, audit.erasure, audit.partition_seal TO app_web, app_worker;
GRANT SELECT ON audit."action", audit.event, audit."value", audit.snapshot, audit.control, audit.leaf, audit.checkpoint, audit.anchor,
  audit.search, audit.enrichment, audit.hold, audit.policy, audit.epoch, audit.erasure, audit.partition_seal TO audit_reader;
GRANT EXECUTE ON FUNCTION audit.record_action(jsonb), audit.read_values(uuid[]), audit.read_values(uuid[], timestamptz[]),
  audit.as_uuid(text) TO app_web, app_worker;
GRANT EXECUTE ON FUNCTION audit.put_search(jsonb), audit.put_enrichment(jsonb), audit.make_partitions(date, date),
  audit.protect_partition(regclass) TO app_worker;

RESET ROLE;
