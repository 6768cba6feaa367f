-- How rows get into the history. Every function that writes is SECURITY DEFINER with a fixed search path;
-- no application login holds INSERT, UPDATE, DELETE or TRUNCATE on what they write.
SET ROLE audit_owner;

-- ---------------------------------------------------------------- canonical text

CREATE FUNCTION audit.canonical(v jsonb) RETURNS text
  LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
-- RFC 8785 for strings, integers below 2^53, booleans, null, arrays and objects; any other number becomes a string.
BEGIN
  CASE jsonb_typeof(v)
    WHEN 'object' THEN
      RETURN '{' || coalesce((SELECT string_agg(to_json(e.key)::text || ':' || audit.canonical(e.value), ',' ORDER BY e.key COLLATE "C")
                              FROM jsonb_each(v) AS e), '') || '}';
    WHEN 'array' THEN
      RETURN '[' || coalesce((SELECT string_agg(audit.canonical(e.value), ',' ORDER BY e.position)
                              FROM jsonb_array_elements(v) WITH ORDINALITY AS e (value, position)), '') || ']';
    WHEN 'number' THEN
      RETURN CASE WHEN v::text ~ '^-?(0|[1-9][0-9]{0,14})$' THEN v::text ELSE '"' || v::text || '"' END;
    ELSE
      RETURN v::text;
  END CASE;
END
$$;

-- One column's value as canonical JSON. A type whose JSON form hangs on session settings (bytea, timestamptz) is read back first.
CREATE FUNCTION audit.field_text(v jsonb, is_bytes boolean, is_time boolean) RETURNS text
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN CASE
    WHEN v IS NULL THEN 'null'
    ELSE CASE jsonb_typeof(v)
      WHEN 'string' THEN
        CASE WHEN is_time THEN '"' || to_char((v #>> '{}')::timestamptz AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '"'
             WHEN is_bytes THEN '"' || encode((v #>> '{}')::bytea, 'hex') || '"'
             ELSE v::text END
      WHEN 'object' THEN audit.canonical(v)
      WHEN 'array' THEN audit.canonical(v)
      WHEN 'number' THEN CASE WHEN v::text ~ '^-?(0|[1-9][0-9]{0,14})$' THEN v::text ELSE '"' || v::text || '"' END
      ELSE v::text
    END
  END;

-- Over 16 KB only size and hash are kept.
-- (STABLE, as convert_to is: the planner folds a function into its caller only if it promises no more than its parts.)
CREATE FUNCTION audit.capped(t text) RETURNS text
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN CASE WHEN octet_length(t) <= 16384 THEN t
    ELSE '{"$truncated":true,"bytes":' || octet_length(t) || ',"sha256":"' || encode(sha256(convert_to(t, 'UTF8')), 'hex') || '"}' END;

-- Top-level keys of `v` whose value differs in `other`; null where there is nothing to compare.
CREATE FUNCTION audit.changed_keys(v jsonb, other jsonb) RETURNS jsonb
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN (SELECT coalesce(jsonb_object_agg(e.key, e.value), '{}'::jsonb) FROM jsonb_each(v) AS e WHERE e.value IS DISTINCT FROM other -> e.key);

-- Two random UUIDs hold 244 random bits; 128 of their hash are the salt.
CREATE FUNCTION audit.new_salt() RETURNS bytea
  LANGUAGE sql VOLATILE
  RETURN substring(sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())) FROM 1 FOR 16);

CREATE FUNCTION audit.current_epoch() RETURNS integer
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = audit, pg_catalog
  RETURN (SELECT e.epoch FROM audit.epoch AS e ORDER BY e.epoch DESC LIMIT 1);

-- ---------------------------------------------------------------- context

CREATE FUNCTION audit.read_context() RETURNS jsonb
  LANGUAGE plpgsql STABLE
AS $$
-- What the application said about itself, or an error where an application login said nothing.
DECLARE
  sent text := current_setting('audit.ctx', true);
  ctx jsonb;
BEGIN
  IF sent <> '' THEN
    ctx := convert_from(decode(sent, 'base64'), 'UTF8')::jsonb;
    IF ctx ->> 'actorType' <> '' THEN
      RETURN ctx;
    END IF;
  END IF;
  IF session_user IN ('app_web', 'app_worker') THEN
    RAISE EXCEPTION 'audit context missing' USING ERRCODE = 'AU001', HINT = 'Writes of the application run inside a request context.';
  END IF;
  RETURN '{"actorType":"system:db"}'::jsonb;
END
$$;

-- ---------------------------------------------------------------- the trigger

CREATE FUNCTION audit.capture_row() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = audit, pg_catalog
AS $$
-- Arguments, compiled from audit.policy by audit.enable_table: 0 subject column or '', 1 key columns, 2 secret columns,
-- 3 ignored columns, 4 bytea columns, 5 timestamptz columns, 6 whether to snapshot.
DECLARE
  secrets text[] := TG_ARGV[2];
  ignored text[] := TG_ARGV[3];
  byte_columns text[] := TG_ARGV[4];
  time_columns text[] := TG_ARGV[5];
  before jsonb;
  after jsonb;
  whole jsonb;
  names text[];
  body text;
BEGIN
  IF TG_OP = 'INSERT' THEN
    after := to_jsonb(NEW) - ignored;
    whole := after;
  ELSIF TG_OP = 'UPDATE' THEN
    before := to_jsonb(OLD) - ignored;
    after := to_jsonb(NEW) - ignored;
    IF before = after THEN
      RETURN NULL;
    END IF;
    whole := after;
  ELSE
    before := to_jsonb(OLD) - ignored;
    whole := before;
  END IF;

  -- jsonb equality is that of the values: 1.0 equals 1.00 and the order of keys means nothing. OFFSET 0 keeps the planner from
  -- folding the levels into one another, which would render each value several times.
  SELECT array_agg(c.key ORDER BY c.key COLLATE "C"),
         '{' || coalesce(string_agg(to_json(c.key)::text || ':[' || audit.capped(c.old_text) || ',' || audit.capped(c.new_text) || ']',
                                    ',' ORDER BY c.key COLLATE "C") FILTER (WHERE NOT c.is_secret), '') || '}'
    INTO names, body
    FROM (
      SELECT d.key, d.is_secret,
             CASE WHEN d.is_secret THEN '' ELSE audit.field_text(d.old, d.is_bytes, d.is_time) END AS old_text,
             CASE WHEN d.is_secret THEN '' ELSE audit.field_text(d.new, d.is_bytes, d.is_time) END AS new_text
        FROM (
          SELECT w.key, w.key = ANY (secrets) AS is_secret, w.key = ANY (byte_columns) AS is_bytes, w.key = ANY (time_columns) AS is_time,
                 CASE WHEN w.is_large THEN audit.changed_keys(w.old, w.new) ELSE w.old END AS old,
                 CASE WHEN w.is_large THEN audit.changed_keys(w.new, w.old) ELSE w.new END AS new
            FROM (
              SELECT e.key, before -> e.key AS old, after -> e.key AS new,
                     TG_OP = 'UPDATE' AND jsonb_typeof(e.value) = 'object' AND jsonb_typeof(before -> e.key) = 'object'
                       AND greatest(octet_length(e.value::text), octet_length((before -> e.key)::text)) > 4096 AS is_large
                FROM jsonb_each(whole) AS e
               WHERE CASE WHEN TG_OP = 'UPDATE' THEN e.value <> before -> e.key ELSE e.value <> 'null'::jsonb END
              OFFSET 0
            ) AS w
          OFFSET 0
        ) AS d
      OFFSET 0
    ) AS c;

  PERFORM audit.append_event(
    (CASE TG_OP WHEN 'INSERT' THEN 1 WHEN 'UPDATE' THEN 2 ELSE 3 END)::smallint,
    TG_TABLE_SCHEMA || '.' || TG_TABLE_NAME, whole, names, body, TG_ARGV);
  RETURN NULL;
END
$$;

CREATE FUNCTION audit.append_event(op smallint, tbl text, whole jsonb, names text[], body text, args text[]) RETURNS void
  LANGUAGE plpgsql
AS $$
-- Internal: called by the functions here that run as audit_owner. `args` counts from 0, as TG_ARGV does. One event with its value and, where the policy says so, its snapshot. `whole` is the row after the change (before, for a delete).
DECLARE
  ctx jsonb := audit.read_context();
  row_id uuid := uuidv7();
  moment timestamptz := clock_timestamp();
  key_columns text[] := args[1];
  secrets text[];
  byte_columns text[];
  time_columns text[];
  record_key text;
  subject uuid;
  salt bytea := audit.new_salt();
  picture text;
  picture_salt bytea;
BEGIN
  record_key := CASE cardinality(key_columns)
    WHEN 1 THEN whole ->> key_columns[1]
    ELSE (SELECT string_agg(whole ->> k.name, ':' ORDER BY k.position) FROM unnest(key_columns) WITH ORDINALITY AS k (name, position))
  END;
  subject := CASE WHEN args[0] <> '' THEN (whole ->> args[0])::uuid END;

  IF args[6] = 'snapshot' THEN
    secrets := args[2];
    byte_columns := args[4];
    time_columns := args[5];
    SELECT '{' || coalesce(string_agg(to_json(f.key)::text || ':' || audit.capped(f.shown), ',' ORDER BY f.key COLLATE "C"), '') || '}'
      INTO picture
      FROM (SELECT w.key, audit.field_text(w.value, w.is_bytes, w.is_time) AS shown
              FROM (SELECT e.key, e.value, e.key = ANY (byte_columns) AS is_bytes, e.key = ANY (time_columns) AS is_time
                      FROM jsonb_each(whole - secrets) AS e OFFSET 0) AS w
            OFFSET 0) AS f;
    picture_salt := audit.new_salt();
    INSERT INTO audit.snapshot (occurred_at, row_id, subject_id, tbl, record_id, salt, body)
    VALUES (moment, row_id, subject, tbl, record_key, picture_salt, picture);
  END IF;

  INSERT INTO audit.value (occurred_at, row_id, subject_id, salt, body) VALUES (moment, row_id, subject, salt, body);
  INSERT INTO audit.event (occurred_at, id, txid, action_id, actor_id, subject_id, epoch, op, tbl, record_id, actor_type, db_user,
                           changed, value_commit, snapshot_commit)
  VALUES (moment, row_id, pg_current_xact_id(), (ctx ->> 'actionId')::uuid, (ctx ->> 'actorId')::uuid, subject,
          (SELECT e.epoch FROM audit.epoch AS e ORDER BY e.epoch DESC LIMIT 1), op, tbl, record_key, ctx ->> 'actorType', session_user,
          coalesce(names, '{}'), sha256('\x02'::bytea || salt || convert_to(body, 'UTF8')),
          CASE WHEN picture IS NOT NULL THEN sha256('\x03'::bytea || picture_salt || convert_to(picture, 'UTF8')) END);
END
$$;

CREATE FUNCTION audit.capture_truncate() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = audit, pg_catalog
AS $$
BEGIN
  IF session_user IN ('app_web', 'app_worker') THEN
    RAISE EXCEPTION '%.% cannot be truncated', TG_TABLE_SCHEMA, TG_TABLE_NAME USING ERRCODE = '42501';
  END IF;
  PERFORM audit.append_event(4::smallint, TG_TABLE_SCHEMA || '.' || TG_TABLE_NAME, '{"*":"*"}', '{}', '{}',
                             '[0:6]={"","{*}","{}","{}","{}","{}",""}');
  RETURN NULL;
END
$$;

-- ---------------------------------------------------------------- append-only

CREATE FUNCTION audit.refuse_change() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog
AS $$
-- Stands on every append-only table and on each of its partitions, also for owners and superusers. With the argument
-- 'erasable' the owner may delete while audit.erase_subject or retention says so.
BEGIN
  IF TG_ARGV[0] = 'erasable' AND TG_OP = 'DELETE' AND current_user = 'audit_owner' AND current_setting('audit.erasing', true) = 'on' THEN
    RETURN NULL;
  END IF;
  RAISE EXCEPTION '%.% is append-only', TG_TABLE_SCHEMA, TG_TABLE_NAME USING ERRCODE = '42501';
END
$$;

CREATE FUNCTION audit.guard_table(target regclass, is_erasable boolean) RETURNS void
  LANGUAGE plpgsql SET search_path = audit, pg_catalog
AS $$
-- Installs the two guards; runs as the owner of the table.
DECLARE
  argument text := CASE WHEN is_erasable THEN quote_literal('erasable') ELSE '' END;
BEGIN
  EXECUTE format('CREATE TRIGGER guard_rows BEFORE UPDATE OR DELETE ON %s FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change(%s)', target, argument);
  EXECUTE format('CREATE TRIGGER guard_truncate BEFORE TRUNCATE ON %s FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change()', target);
  EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER guard_rows, ENABLE ALWAYS TRIGGER guard_truncate', target);
END
$$;

CREATE FUNCTION audit.protect_partition(target regclass) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = audit, pg_catalog
AS $$
-- A partition inherits neither grants nor statement triggers. Harmless on one that is protected already.
BEGIN
  EXECUTE format('REVOKE ALL ON %s FROM PUBLIC, migrator, app_web, app_worker, audit_reader', target);
  IF NOT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = target AND tgname = 'guard_truncate') THEN
    PERFORM audit.guard_table(target, (SELECT relname ~ '^(value|snapshot|search)_' FROM pg_class WHERE oid = target));
  END IF;
END
$$;

CREATE FUNCTION audit.make_partitions(from_month date, to_month date) RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = audit, pg_catalog
AS $$
-- Makes the missing monthly partitions of both months and those between; each is protected in this same transaction.
-- Returns how many are new.
DECLARE
  parent text;
  month date;
  part text;
  made integer := 0;
BEGIN
  IF to_month > from_month + interval '10 years' THEN
    RAISE EXCEPTION 'too many partitions asked for' USING ERRCODE = '22023';
  END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended('audit.make_partitions', 0));
  FOREACH parent IN ARRAY ARRAY['action', 'event', 'value', 'snapshot', 'search'] LOOP
    FOR month IN SELECT g::date FROM generate_series(date_trunc('month', from_month::timestamp), to_month::timestamp, interval '1 month') AS g LOOP
      part := parent || to_char(month, '"_p"YYYYMM');
      CONTINUE WHEN to_regclass('audit.' || part) IS NOT NULL;
      EXECUTE format('CREATE TABLE audit.%I PARTITION OF audit.%I FOR VALUES FROM (%L) TO (%L)', part, parent,
                     month || ' 00:00:00+00', (month + interval '1 month')::date || ' 00:00:00+00');
      PERFORM audit.protect_partition(format('audit.%I', part)::regclass);
      made := made + 1;
    END LOOP;
  END LOOP;
  RETURN made;
END
$$;

SELECT audit.guard_table('audit.action', false), audit.guard_table('audit.event', false), audit.guard_table('audit.value', true),
       audit.guard_table('audit.snapshot', true), audit.guard_table('audit.search', true), audit.guard_table('audit.control', false),
       audit.guard_table('audit.leaf', false), audit.guard_table('audit.checkpoint', false), audit.guard_table('audit.anchor', false);
SELECT audit.make_partitions((now() - interval '1 month')::date, (now() + interval '3 months')::date);

-- ---------------------------------------------------------------- action rows

CREATE FUNCTION audit.as_uuid(sent text) RETURNS uuid
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  -- A caller's X-Request-Id need not be a UUID: any other one is kept as the UUID made of its hash (version 8, RFC 9562).
  RETURN CASE
    WHEN sent ~* '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$' THEN sent::uuid
    ELSE overlay(overlay(left(encode(sha256(convert_to(sent, 'UTF8')), 'hex'), 32) PLACING '8' FROM 13) PLACING '8' FROM 17)::uuid
  END;

CREATE FUNCTION audit.record_action(payload jsonb) RETURNS uuid
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = audit, pg_catalog
AS $$
-- One row per command or staff request, whatever it touched, with the value row that holds ip, reason and the like.
DECLARE
  moment timestamptz := clock_timestamp();
  salt bytea := audit.new_salt();
  body text := coalesce(payload ->> 'body', '{}');
  ids text[];
BEGIN
  IF coalesce(payload ->> 'id', '') = '' OR coalesce(payload ->> 'actorType', '') = '' THEN
    RAISE EXCEPTION 'audit action incomplete' USING ERRCODE = 'AU001';
  END IF;
  SELECT coalesce(array_agg(e.value ORDER BY e.position), '{}') INTO ids
    FROM jsonb_array_elements_text(coalesce(payload -> 'recordIds', '[]')) WITH ORDINALITY AS e (value, position) WHERE e.position <= 100;
  INSERT INTO audit.value (occurred_at, row_id, subject_id, salt, body)
  VALUES (moment, (payload ->> 'id')::uuid, (payload ->> 'subjectId')::uuid, salt, body);
  INSERT INTO audit.action (occurred_at, id, txid, request_id, actor_id, approval_id, ticket_id, reverts, epoch, ms, record_count, mfa,
                            outcome, door, actor_type, resource, action, error_code, actor_roles, record_ids, session_hash, value_commit)
  VALUES (moment, (payload ->> 'id')::uuid, pg_current_xact_id(), audit.as_uuid(payload ->> 'requestId'), (payload ->> 'actorId')::uuid,
          (payload ->> 'approvalId')::uuid, (payload ->> 'ticketId')::uuid, (payload ->> 'reverts')::uuid,
          (SELECT e.epoch FROM audit.epoch AS e ORDER BY e.epoch DESC LIMIT 1),
          coalesce((payload ->> 'ms')::numeric::integer, 0), coalesce((payload ->> 'recordCount')::integer, cardinality(ids)),
          coalesce((payload ->> 'mfa')::boolean, false), payload ->> 'outcome', payload ->> 'door', payload ->> 'actorType',
          payload ->> 'resource', payload ->> 'action', payload ->> 'errorCode',
          ARRAY(SELECT e.value FROM jsonb_array_elements_text(coalesce(payload -> 'actorRoles', '[]')) AS e ORDER BY e.value COLLATE "C"),
          ids, decode(payload ->> 'sessionHash', 'hex'), sha256('\x02'::bytea || salt || convert_to(body, 'UTF8')));
  RETURN (payload ->> 'id')::uuid;
END
$$;

CREATE FUNCTION audit.read_values(ids uuid[]) RETURNS TABLE (row_id uuid, body text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = audit, pg_catalog
AS $$
  -- Who may see them is checked by the caller, who also records the read. A row's UUIDv7 holds the time of its making; the row
  -- itself was written within the request, so that a narrow range of one or two partitions is looked through.
  SELECT v.row_id, v.body
    FROM unnest(ids) AS wanted (id)
   CROSS JOIN LATERAL (
     SELECT s.row_id, s.body FROM audit.value AS s
      WHERE s.row_id = wanted.id
        AND s.occurred_at BETWEEN uuid_extract_timestamp(wanted.id) - interval '2 minutes' AND uuid_extract_timestamp(wanted.id) + interval '10 minutes'
   ) AS v
$$;

CREATE FUNCTION audit.read_values(ids uuid[], moments timestamptz[]) RETURNS TABLE (row_id uuid, body text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = audit, pg_catalog
AS $$
  -- As above for a caller who has the rows at hand: the times are their occurred_at, so that each is one look into the key.
  SELECT v.row_id, v.body
    FROM unnest(ids, moments) AS wanted (id, moment)
    JOIN audit.value AS v ON v.occurred_at = wanted.moment AND v.row_id = wanted.id
$$;

CREATE FUNCTION audit.record_control(kind text, content text) RETURNS uuid
  LANGUAGE sql VOLATILE SET search_path = audit, pg_catalog
AS $$
  INSERT INTO audit.control (txid, epoch, type, body) VALUES (pg_current_xact_id(), audit.current_epoch(), kind, content) RETURNING id
$$;

-- ---------------------------------------------------------------- what the worker adds

CREATE FUNCTION audit.put_enrichment(entries jsonb) RETURNS integer
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = audit, pg_catalog
AS $$
  -- `entries`: [{rowId, country?, city?, device?, browser?, os?, score?, reasons?}]. Repeating one replaces what it names.
  WITH put AS (
    INSERT INTO audit.enrichment AS old (row_id, score, country, city, device, browser, os, reasons)
    SELECT DISTINCT ON (e."rowId") e."rowId", e.score, e.country, e.city, e.device, e.browser, e.os, coalesce(e.reasons, '{}')
      FROM jsonb_to_recordset(entries) AS e ("rowId" uuid, score smallint, country text, city text, device text, browser text, os text, reasons text[])
    ON CONFLICT (row_id) DO UPDATE SET
      score = coalesce(excluded.score, old.score), country = coalesce(excluded.country, old.country), city = coalesce(excluded.city, old.city),
      device = coalesce(excluded.device, old.device), browser = coalesce(excluded.browser, old.browser), os = coalesce(excluded.os, old.os),
      reasons = CASE WHEN excluded.score IS NULL THEN old.reasons ELSE excluded.reasons END
    RETURNING 1
  )
  SELECT count(*)::integer FROM put
$$;

CREATE FUNCTION audit.put_search(entries jsonb) RETURNS integer
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = audit, pg_catalog
AS $$
  -- `entries`: [{occurredAt, rowId, kind, actorId?, subjectId?, tbl?, action?, text}]. A row that is there already is left alone.
  WITH put AS (
    INSERT INTO audit.search (occurred_at, row_id, kind, actor_id, subject_id, tbl, action, text)
    SELECT e."occurredAt", e."rowId", e.kind, e."actorId", e."subjectId", e.tbl, e.action, e.text
      FROM jsonb_to_recordset(entries) AS e ("occurredAt" timestamptz, "rowId" uuid, kind smallint, "actorId" uuid, "subjectId" uuid, tbl text, action text, text text)
    ON CONFLICT DO NOTHING
    RETURNING 1
  )
  SELECT count(*)::integer FROM put
$$;

-- ---------------------------------------------------------------- switching a table on

CREATE FUNCTION audit.trigger_arguments(target regclass) RETURNS text[]
  LANGUAGE plpgsql STABLE SET search_path = audit, pg_catalog
AS $$
-- The policy of a table as capture_row takes it. The doctor compares this with the arguments of the installed trigger.
DECLARE
  name text := (SELECT n.nspname || '.' || c.relname FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE c.oid = target);
  rule audit.policy;
BEGIN
  SELECT * INTO rule FROM audit.policy AS p WHERE p.tbl = name AND p.field = '*' AND p.mode = 'audit';
  IF NOT FOUND THEN
    RAISE EXCEPTION 'no audit policy for %', name USING ERRCODE = 'AU002';
  END IF;
  RETURN ARRAY[
    coalesce(rule.subject_column, ''),
    rule.pk_columns::text,
    (SELECT coalesce(array_agg(p.field ORDER BY p.field COLLATE "C"), '{}')::text FROM audit.policy AS p WHERE p.tbl = name AND p.mode = 'secret'),
    (SELECT coalesce(array_agg(p.field ORDER BY p.field COLLATE "C"), '{}')::text FROM audit.policy AS p WHERE p.tbl = name AND p.mode = 'ignore'),
    (SELECT coalesce(array_agg(a.attname::text ORDER BY a.attname COLLATE "C"), '{}')::text FROM pg_attribute AS a
      WHERE a.attrelid = target AND a.attnum > 0 AND NOT a.attisdropped AND a.atttypid = 'bytea'::regtype),
    (SELECT coalesce(array_agg(a.attname::text ORDER BY a.attname COLLATE "C"), '{}')::text FROM pg_attribute AS a
      WHERE a.attrelid = target AND a.attnum > 0 AND NOT a.attisdropped AND a.atttypid = 'timestamptz'::regtype),
    CASE WHEN rule.snapshot THEN 'snapshot' ELSE '' END
  ];
END
$$;

CREATE FUNCTION audit.record_baseline(tbl text, whole jsonb, args text[]) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = audit, pg_catalog
AS $$
DECLARE
  kept jsonb := whole - args[4]::text[];
  names text[];
  body text;
BEGIN
  -- An array made by a caller counts from 1, the arguments of a trigger from 0.
  args := ('[0:' || cardinality(args) - 1 || ']=' || args::text)::text[];
  SELECT array_agg(w.key ORDER BY w.key COLLATE "C"),
         '{' || coalesce(string_agg(CASE WHEN w.key = ANY (args[2]::text[]) THEN NULL ELSE to_json(w.key)::text || ':[null,' || audit.capped(
           audit.field_text(w.value, w.key = ANY (args[4]::text[]), w.key = ANY (args[5]::text[]))) || ']' END, ',' ORDER BY w.key COLLATE "C"), '') || '}'
    INTO names, body FROM jsonb_each(kept) AS w WHERE w.value <> 'null'::jsonb;
  PERFORM audit.append_event(5::smallint, tbl, kept, names, body, args);
END
$$;

CREATE FUNCTION audit.enable_table(target regclass) RETURNS bigint
  LANGUAGE plpgsql SET search_path = audit, pg_catalog
AS $$
-- Runs as the owner of the table: compiles its policy into the trigger arguments (again, after the policy changed) and, the
-- first time, writes a baseline event for each row that is there, in batches of 5,000. Returns how many.
DECLARE
  args text[] := audit.trigger_arguments(target);
  name text := (SELECT n.nspname || '.' || c.relname FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE c.oid = target);
  is_new boolean := NOT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = target AND tgname = 'audit_rows');
  existing refcursor;
  batch jsonb;
  written bigint := 0;
BEGIN
  EXECUTE format('CREATE OR REPLACE TRIGGER audit_rows AFTER INSERT OR UPDATE OR DELETE ON %s FOR EACH ROW EXECUTE FUNCTION audit.capture_row(%s)',
                 target, (SELECT string_agg(quote_literal(a.value), ', ' ORDER BY a.position) FROM unnest(args) WITH ORDINALITY AS a (value, position)));
  EXECUTE format('CREATE OR REPLACE TRIGGER audit_truncate BEFORE TRUNCATE ON %s FOR EACH STATEMENT EXECUTE FUNCTION audit.capture_truncate()', target);
  EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER audit_rows, ENABLE ALWAYS TRIGGER audit_truncate', target);
  IF is_new THEN
    OPEN existing FOR EXECUTE format('SELECT to_jsonb(t) FROM %s AS t', target);
    LOOP
      FETCH existing INTO batch;
      EXIT WHEN NOT FOUND;
      PERFORM audit.record_baseline(name, batch, args);
      written := written + 1;
    END LOOP;
    CLOSE existing;
  END IF;
  RETURN written;
END
$$;

CREATE FUNCTION audit.disable_table(target regclass, why text) RETURNS void
  LANGUAGE plpgsql SET search_path = audit, pg_catalog
AS $$
-- Runs as the owner of the table. That auditing stopped is itself part of the history.
BEGIN
  EXECUTE format('DROP TRIGGER audit_rows ON %s', target);
  EXECUTE format('DROP TRIGGER audit_truncate ON %s', target);
  PERFORM audit.record_policy_change(target::text, why);
END
$$;

CREATE FUNCTION audit.record_policy_change(tbl text, why text) RETURNS uuid
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = audit, pg_catalog
  RETURN audit.record_control('policy', audit.canonical(jsonb_build_object('change', 'disabled', 'reason', why, 'table', tbl, 'by', session_user)));

-- Only what is granted by name in 20261121200600_grant_access may be called.
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA audit FROM PUBLIC;
GRANT USAGE ON SCHEMA audit TO migrator;
GRANT SELECT ON audit.policy TO migrator;
GRANT EXECUTE ON FUNCTION audit.enable_table(regclass), audit.disable_table(regclass, text), audit.trigger_arguments(regclass),
  audit.record_baseline(text, jsonb, text[]), audit.record_policy_change(text, text), audit.guard_table(regclass, boolean),
  audit.capture_row(), audit.capture_truncate(), audit.refuse_change() TO migrator;

RESET ROLE;
