-- The end of a month of the history: its seal, and how its partitions go. And what erasure may empty in append-only tables.
SET lock_timeout = '5s';
SET statement_timeout = '60s';
SET ROLE audit_owner;

-- ---------------------------------------------------------------- months

CREATE FUNCTION audit.month_start(month date) RETURNS timestamptz
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN date_trunc('month', month::timestamp) AT TIME ZONE 'UTC';

CREATE FUNCTION audit.month_end(month date) RETURNS timestamptz
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN (date_trunc('month', month::timestamp) + interval '1 month') AT TIME ZONE 'UTC';

CREATE FUNCTION audit.partition_name(parent text, month date) RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN parent || to_char(month, '"_p"YYYYMM');

CREATE FUNCTION audit.seal_of_month(month date) RETURNS audit.control
  LANGUAGE sql STABLE SET search_path = audit, pg_catalog
AS $$
  SELECT c FROM audit.control AS c WHERE c.type = 'partition_seal' AND c.body::jsonb ->> 'month' = to_char(month, 'YYYY-MM') LIMIT 1
$$;

CREATE FUNCTION audit.seal_partition(content jsonb) RETURNS uuid
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = audit, pg_catalog
AS $$
-- Records that the archive of a month is written: the body of src/audit/proof/archive-format.ts. Only a closed month without a hold,
-- of which every event and action has its leaf, and once.
DECLARE
  month date := (content ->> 'month' || '-01')::date;
  events bigint;
  actions bigint;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('audit.seal_partition', 0));
  IF audit.month_end(month) > now() THEN
    RAISE EXCEPTION 'month % is not over', content ->> 'month' USING ERRCODE = 'AU006';
  END IF;
  IF (audit.seal_of_month(month)).id IS NOT NULL THEN
    RAISE EXCEPTION 'month % is sealed already', content ->> 'month' USING ERRCODE = 'AU006';
  END IF;
  IF EXISTS (SELECT 1 FROM audit.holds_on_month(month)) THEN
    RAISE EXCEPTION 'a legal hold keeps month %', content ->> 'month' USING ERRCODE = 'AU005';
  END IF;
  SELECT count(l.row_id) FILTER (WHERE l.kind = 1), count(l.row_id) FILTER (WHERE l.kind = 2) INTO events, actions
    FROM audit.leaf AS l WHERE l.occurred_at >= audit.month_start(month) AND l.occurred_at < audit.month_end(month);
  IF events::text <> content ->> 'events' OR actions::text <> content ->> 'actions'
     OR events <> (SELECT count(*) FROM audit.event AS e WHERE e.occurred_at >= audit.month_start(month) AND e.occurred_at < audit.month_end(month))
     OR actions <> (SELECT count(*) FROM audit.action AS a WHERE a.occurred_at >= audit.month_start(month) AND a.occurred_at < audit.month_end(month)) THEN
    RAISE EXCEPTION 'the archive of month % does not hold what the month holds', content ->> 'month' USING ERRCODE = 'AU006';
  END IF;
  RETURN audit.record_control('partition_seal', audit.canonical(content));
END
$$;

CREATE FUNCTION audit.read_contents(ids uuid[], moments timestamptz[])
  RETURNS TABLE (row_id uuid, salt bytea, body text, picture_salt bytea, picture text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = audit, pg_catalog
AS $$
  -- Values and snapshots with what their commitments are made of, for the archive. The times are those of the rows.
  SELECT w.id, v.salt, v.body, s.salt, s.body
    FROM unnest(ids, moments) AS w (id, moment)
    LEFT JOIN audit.value AS v ON v.occurred_at = w.moment AND v.row_id = w.id
    LEFT JOIN audit.snapshot AS s ON s.occurred_at = w.moment AND s.row_id = w.id
$$;

CREATE FUNCTION audit.drop_month(parents text[], month date) RETURNS text
  LANGUAGE plpgsql SET search_path = audit, pg_catalog SET lock_timeout = '200ms'
AS $$
-- One step: detaches the first of these partitions that is attached, else drops the first that is detached, else says 'done'. One lock
-- a transaction: writers take theirs in no fixed order, and with two a deadlock would be a matter of time. Rows go before their
-- values, so that none is ever seen without. Where the lock is not had in a fifth of a second, nothing happened.
DECLARE
  parent text;
  part regclass;
BEGIN
  FOREACH parent IN ARRAY parents LOOP
    part := to_regclass(format('audit.%I', audit.partition_name(parent, month)));
    IF part IS NOT NULL AND EXISTS (SELECT 1 FROM pg_inherits AS i WHERE i.inhrelid = part) THEN
      EXECUTE format('ALTER TABLE audit.%I DETACH PARTITION %s', parent, part);
      RETURN 'detached ' || audit.partition_name(parent, month);
    END IF;
  END LOOP;
  FOREACH parent IN ARRAY parents LOOP
    part := to_regclass(format('audit.%I', audit.partition_name(parent, month)));
    IF part IS NOT NULL THEN
      EXECUTE format('DROP TABLE %s', part);
      RETURN 'dropped ' || audit.partition_name(parent, month);
    END IF;
  END LOOP;
  RETURN 'done';
END
$$;

CREATE FUNCTION audit.archive_partition(month date) RETURNS text
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = audit, pg_catalog
AS $$
-- Takes one step of dropping a month whose seal is itself sealed and anchored and that no hold keeps. Called again, each time in a
-- transaction of its own, until it says 'done'. Once the events are gone, a new hold finds nothing to keep any more.
DECLARE
  seal audit.control := audit.seal_of_month(month);
BEGIN
  IF seal.id IS NULL OR NOT EXISTS (
       SELECT 1 FROM audit.leaf AS l JOIN audit.anchor AS a ON a.checkpoint_size > l.seq WHERE l.row_id = seal.id) THEN
    RAISE EXCEPTION 'month % has no seal that is anchored', to_char(month, 'YYYY-MM') USING ERRCODE = 'AU006';
  END IF;
  IF to_regclass(format('audit.%I', audit.partition_name('event', month))) IN (SELECT inhrelid::regclass FROM pg_inherits)
     AND EXISTS (SELECT 1 FROM audit.holds_on_month(month)) THEN
    RAISE EXCEPTION 'a legal hold keeps month %', to_char(month, 'YYYY-MM') USING ERRCODE = 'AU005';
  END IF;
  RETURN audit.drop_month(ARRAY['event', 'action', 'value', 'snapshot'], month);
END
$$;

CREATE FUNCTION audit.drop_search(month date) RETURNS text
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = audit, pg_catalog
AS $$
-- The same for the search rows of a month, which prove nothing and can be made again. Not of the last two months.
BEGIN
  IF audit.month_end(month) > now() - interval '2 months' THEN
    RAISE EXCEPTION 'month % is too young', to_char(month, 'YYYY-MM') USING ERRCODE = 'AU006';
  END IF;
  RETURN audit.drop_month(ARRAY['search'], month);
END
$$;

CREATE FUNCTION audit.forget_enrichment(month date, batch integer) RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = audit, pg_catalog
AS $$
-- Deletes up to `batch` enrichment rows of a month whose actions are dropped, by the time inside their UUIDv7. Returns how many.
DECLARE
  done integer;
BEGIN
  IF to_regclass(format('audit.%I', audit.partition_name('action', month))) IS NOT NULL THEN
    RAISE EXCEPTION 'month % is not dropped', to_char(month, 'YYYY-MM') USING ERRCODE = 'AU006';
  END IF;
  DELETE FROM audit.enrichment AS e WHERE e.row_id IN (
    SELECT f.row_id FROM audit.enrichment AS f
     WHERE f.row_id >= audit.first_uuid(audit.month_start(month)) AND f.row_id < audit.first_uuid(audit.month_end(month)) LIMIT batch);
  GET DIAGNOSTICS done = ROW_COUNT;
  RETURN done;
END
$$;

CREATE FUNCTION audit.first_uuid(at timestamptz) RETURNS uuid
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '70008000000000000000')::uuid;

CREATE FUNCTION audit.index_closed_months() RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = audit, pg_catalog SET lock_timeout = '2s'
AS $$
-- "Which rows changed this field" is looked up in months that nothing is written to any more; in the open month the index would make
-- inserts several times dearer. Returns how many indexes are new.
DECLARE
  part text;
  made integer := 0;
BEGIN
  FOR part IN SELECT c.relname FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid WHERE i.inhparent = 'audit.event'::regclass LOOP
    CONTINUE WHEN audit.month_end(to_date(right(part, 6), 'YYYYMM')) > now() - interval '1 day' OR to_regclass('audit.' || part || '_changed_idx') IS NOT NULL;
    EXECUTE format('CREATE INDEX %I ON audit.%I USING GIN (changed)', part || '_changed_idx', part);
    made := made + 1;
  END LOOP;
  RETURN made;
END
$$;

-- ---------------------------------------------------------------- append-only tables of other owners

CREATE OR REPLACE FUNCTION audit.refuse_change() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog
AS $$
-- Stands on every append-only table and on each of its partitions, also for owners and superusers. With the argument 'erasable' the
-- owner may delete while audit.erase_subject says so; with 'forgettable', empty fields while identity.forget_person says so.
BEGIN
  IF TG_ARGV[0] = 'erasable' AND TG_OP = 'DELETE' AND current_user = 'audit_owner' AND current_setting('audit.erasing', true) = 'on' THEN
    RETURN NULL;
  END IF;
  IF TG_ARGV[0] = 'forgettable' AND TG_OP = 'UPDATE' AND current_user = 'migrator' AND current_setting('audit.erasing', true) = 'on' THEN
    RETURN NULL;
  END IF;
  RAISE EXCEPTION '%.% is append-only', TG_TABLE_SCHEMA, TG_TABLE_NAME USING ERRCODE = '42501';
END
$$;

REVOKE ALL ON FUNCTION audit.month_start(date), audit.month_end(date), audit.partition_name(text, date), audit.seal_of_month(date), audit.seal_partition(jsonb),
  audit.read_contents(uuid[], timestamptz[]), audit.drop_month(text[], date), audit.archive_partition(date), audit.drop_search(date), audit.forget_enrichment(date, integer),
  audit.first_uuid(timestamptz), audit.index_closed_months() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit.seal_partition(jsonb), audit.read_contents(uuid[], timestamptz[]), audit.archive_partition(date), audit.drop_search(date), audit.forget_enrichment(date, integer),
  audit.index_closed_months() TO app_worker;

RESET ROLE;
SET ROLE migrator;

-- A consent is proof and a sign-in is a security record: both stay, without what tells of the person.
DROP TRIGGER guard_rows ON identity.consent;
DROP TRIGGER guard_rows ON identity.login_event;
CREATE TRIGGER guard_rows BEFORE UPDATE OR DELETE ON identity.consent FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change('forgettable');
CREATE TRIGGER guard_rows BEFORE UPDATE OR DELETE ON identity.login_event FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change('forgettable');
ALTER TABLE identity.consent ENABLE ALWAYS TRIGGER guard_rows;
ALTER TABLE identity.login_event ENABLE ALWAYS TRIGGER guard_rows;

CREATE FUNCTION identity.forget_person(person uuid, identifiers bytea[], approval uuid, receipt jsonb, records text[]) RETURNS jsonb
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
AS $$
-- The last part of execute-erasure, in its transaction, and the only way to begin the erasure of a history: of somebody who is
-- erased and whose key is destroyed. `identifiers`: blind indexes of the person's contacts, for attempts that knew no account;
-- `receipt`: {rows, kept}; `records`: as for audit.note_erasure. Returns the rows emptied here, by table.
DECLARE
  consents bigint;
  logins bigint;
  counts jsonb;
BEGIN
  IF NOT EXISTS (SELECT 1 FROM identity."user" AS u JOIN identity.user_key AS k ON k.user_id = u.id
                  WHERE u.id = person AND u.status = 'erased' AND k.destroyed_at IS NOT NULL) THEN
    RAISE EXCEPTION '% is not erased', person USING ERRCODE = '42501';
  END IF;
  PERFORM set_config('audit.erasing', 'on', true);
  UPDATE identity.consent AS c SET ip = NULL, user_agent = NULL WHERE c.user_id = person AND num_nonnulls(c.ip, c.user_agent) > 0;
  GET DIAGNOSTICS consents = ROW_COUNT;
  UPDATE identity.login_event AS l
     SET identifier_bidx = NULL, ip = NULL, country_code = NULL, city = NULL, device_id = NULL, device_name = NULL, rule_trace = '[]'
   WHERE l.user_id = person OR l.identifier_bidx = ANY (identifiers);
  GET DIAGNOSTICS logins = ROW_COUNT;
  PERFORM set_config('audit.erasing', 'off', true);
  counts := jsonb_build_object('identity.consent', consents, 'identity.login_event', logins);
  PERFORM audit.begin_erasure(person, approval, jsonb_set(receipt, '{rows}', coalesce(receipt -> 'rows', '{}') || counts), records);
  RETURN counts;
END
$$;
REVOKE ALL ON FUNCTION identity.forget_person(uuid, bytea[], uuid, jsonb, text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION identity.forget_person(uuid, bytea[], uuid, jsonb, text[]) TO app_web, app_worker;

RESET ROLE;
