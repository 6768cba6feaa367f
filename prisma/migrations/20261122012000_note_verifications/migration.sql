-- What verify leaves behind, and what the doctor compares (audit.md sections 8 and 9).
SET lock_timeout = '5s';
SET statement_timeout = '60s';

-- The worker verifies with the administrator's login, which then acts as the auditor and sees no more. A superuser may; another
-- administrator is let, where this login may let it. Where not, AUDIT_DATABASE_URL names the auditor's login.
DO $$
BEGIN
  IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AND NOT pg_has_role(current_user, 'audit_reader', 'SET') THEN
    GRANT audit_reader TO CURRENT_USER WITH INHERIT FALSE, SET TRUE;
  END IF;
EXCEPTION WHEN insufficient_privilege THEN
  NULL;
END
$$;

SET ROLE audit_owner;

CREATE FUNCTION audit.record_verification(content text) RETURNS uuid
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = audit, pg_catalog
AS $$
-- That somebody verified, how far, and with what result, is part of the history. `content`: src/audit/verify/run-note.ts.
BEGIN
  IF content IS NULL OR NOT (content IS JSON OBJECT) OR octet_length(content) > 4096
     OR NOT ((content::jsonb) ?& ARRAY['by', 'scope', 'from', 'to', 'outcome', 'faults']) THEN
    RAISE EXCEPTION 'not the note of a verification' USING ERRCODE = '22023';
  END IF;
  RETURN audit.record_control('verify', content);
END
$$;

CREATE FUNCTION audit.capture_drift() RETURNS TABLE (tbl text, what text)
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = audit, pg_catalog
AS $$
-- Audited tables whose trigger is not what policy and columns call for: `source` of its function, or its `arguments`.
DECLARE
  found record;
BEGIN
  FOR found IN
    SELECT t.tgrelid::regclass AS target, p.prosrc, t.tgargs
      FROM pg_trigger AS t JOIN pg_proc AS p ON p.oid = t.tgfoid
     WHERE t.tgname = 'audit_rows' AND NOT t.tgisinternal
       AND EXISTS (SELECT FROM audit.policy AS r WHERE r.tbl = audit.table_name(t.tgrelid) AND r.field = '*' AND r.mode = 'audit')
  LOOP
    tbl := audit.table_name(found.target);
    IF found.prosrc IS DISTINCT FROM audit.capture_source(found.target) THEN
      what := 'source';
      RETURN NEXT;
    END IF;
    IF found.tgargs IS DISTINCT FROM (SELECT string_agg(convert_to(a.value, 'UTF8') || '\x00'::bytea, ''::bytea ORDER BY a.position)
                                        FROM unnest(audit.trigger_arguments(found.target)) WITH ORDINALITY AS a (value, position)) THEN
      what := 'arguments';
      RETURN NEXT;
    END IF;
  END LOOP;
END
$$;

CREATE FUNCTION audit.picture_queries() RETURNS TABLE (tbl text, query text)
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = audit, pg_catalog
AS $$
-- For each audited table, the statement that shows its rows as their events would: key, the writer's transaction, the fields. Who runs
-- it needs SELECT on the table; this function reads no row.
DECLARE
  found record;
  part record;
BEGIN
  FOR found IN SELECT r.tbl AS name, c.oid::regclass AS target FROM audit.policy AS r
                 JOIN pg_namespace AS n ON n.nspname = split_part(r.tbl, '.', 1)
                 JOIN pg_class AS c ON c.relnamespace = n.oid AND c.relname = split_part(r.tbl, '.', 2) AND c.relkind = 'r'
                WHERE r.field = '*' AND r.mode = 'audit' LOOP
    SELECT * INTO part FROM audit.capture_parts(found.target);
    tbl := found.name;
    query := format('SELECT %s AS record, NEW.xmin::text::numeric AS writer, (SELECT row_to_json(p)::text FROM (SELECT %s) AS p) AS picture FROM %s AS NEW',
                    part.new_key, part.new_picture, found.target);
    RETURN NEXT;
  END LOOP;
END
$$;

REVOKE ALL ON FUNCTION audit.record_verification(text), audit.capture_drift(), audit.picture_queries() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit.record_verification(text), audit.capture_drift(), audit.picture_queries() TO app_worker;

RESET ROLE;
