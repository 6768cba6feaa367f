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

-- Over 16 KB only size and hash are kept.
CREATE FUNCTION audit.capped(t text) RETURNS text
  LANGUAGE plpgsql STABLE PARALLEL SAFE
AS $$
BEGIN
  IF octet_length(t) <= 16384 THEN
    RETURN t;
  END IF;
  RETURN '{"$truncated":true,"bytes":' || octet_length(t) || ',"sha256":"' || encode(sha256(convert_to(t, 'UTF8')), 'hex') || '"}';
END
$$;

CREATE FUNCTION audit.document_text(v jsonb, other jsonb) RETURNS text
  LANGUAGE plpgsql STABLE PARALLEL SAFE
AS $$
-- One side of a change of a jsonb column: where either side is over 4 KB, only the top-level keys that differ.
BEGIN
  IF jsonb_typeof(v) = 'object' AND jsonb_typeof(other) = 'object' AND greatest(octet_length(v::text), octet_length(other::text)) > 4096 THEN
    v := (SELECT coalesce(jsonb_object_agg(e.key, e.value), '{}') FROM jsonb_each(v) AS e WHERE e.value IS DISTINCT FROM other -> e.key);
  END IF;
  RETURN audit.capped(audit.canonical(v));
END
$$;

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
--
-- Each audited table gets a trigger function of its own, written by audit.capture_source from the policy and the columns: an
-- interpreter of rows (to_jsonb, jsonb_each) cost several times as much per row (docs/adr/0007-compiled-audit-triggers.md).

CREATE FUNCTION audit.table_name(target regclass) RETURNS text
  LANGUAGE sql STABLE
  RETURN (SELECT n.nspname || '.' || c.relname FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE c.oid = target);

CREATE FUNCTION audit.column_json(kind regtype, category "char", value text) RETURNS text
  LANGUAGE plpgsql STABLE SET search_path = audit, pg_catalog
AS $$
-- The SQL expression of what to_json renders canonically for `value`, an expression of type `kind`. Longer than short, a text is
-- measured in full by audit.capped; calls of it are avoided where they can be.
BEGIN
  RETURN CASE
    -- Arrays of strings, ids, addresses and enums come out of array_to_json as they should.
    WHEN category = 'A' AND (SELECT t.typcategory IN ('S', 'U', 'I', 'E') AND t.oid NOT IN ('bytea'::regtype, 'jsonb'::regtype, 'json'::regtype)
                               FROM pg_type AS t WHERE t.oid = (SELECT typelem FROM pg_type WHERE oid = kind))
      THEN format('CASE WHEN pg_column_size(%1$s) <= 2000 THEN array_to_json(%1$s) ELSE audit.capped(array_to_json(%1$s)::text)::json END', value)
    WHEN category = 'A' OR kind IN ('jsonb'::regtype, 'json'::regtype) THEN format('audit.capped(audit.canonical(to_jsonb(%s)))::json', value)
    WHEN kind = 'bytea'::regtype
      THEN format($q$CASE WHEN octet_length(%1$s) <= 8190 THEN to_json(encode(%1$s, 'hex')) ELSE audit.capped('"' || encode(%1$s, 'hex') || '"')::json END$q$, value)
    WHEN kind = 'timestamptz'::regtype THEN format($q$to_char(%s AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')$q$, value)
    WHEN kind = 'date'::regtype THEN format($q$to_char(%s, 'YYYY-MM-DD')$q$, value)
    WHEN kind = 'int8'::regtype THEN format('CASE WHEN abs(%1$s) < 9007199254740992 THEN to_json(%1$s) ELSE to_json(%1$s::text) END', value)
    WHEN kind IN ('int2'::regtype, 'int4'::regtype) THEN value
    WHEN category = 'N' THEN format('%s::text', value)
    WHEN category = 'S' THEN format('CASE WHEN octet_length(%1$s) <= 2700 THEN to_json(%1$s) ELSE audit.capped(to_json(%1$s)::text)::json END', value)
    ELSE value
  END;
END
$$;

CREATE FUNCTION audit.trigger_arguments(target regclass) RETURNS text[]
  LANGUAGE plpgsql STABLE SET search_path = audit, pg_catalog
AS $$
-- The policy of a table as its trigger carries it: subject column or '', key columns, secret columns, ignored columns,
-- 'snapshot' or '', number of columns ever made. The doctor compares this with the installed trigger.
DECLARE
  name text := audit.table_name(target);
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
    CASE WHEN rule.snapshot THEN 'snapshot' ELSE '' END,
    (SELECT c.relnatts::text FROM pg_class AS c WHERE c.oid = target)
  ];
END
$$;

CREATE FUNCTION audit.capture_parts(target regclass) RETURNS TABLE (
    insert_code text, update_code text, delete_code text, new_picture text, old_picture text, new_key text, old_key text,
    new_subject text, old_subject text, new_names text, new_body text)
  LANGUAGE plpgsql STABLE SET search_path = audit, pg_catalog
AS $$
-- The pieces a capture is made of; rows are called NEW and OLD, fields come in code point order. A statement per column, because
-- PL/pgSQL prepares an expression anew in each transaction: what does not run is not prepared. The picture is one row_to_json.
-- The last two are expressions, for the baseline.
DECLARE
  args text[] := audit.trigger_arguments(target);
  keys text[] := args[2];
BEGIN
  RETURN QUERY
  WITH columns AS (
    SELECT a.attname::text COLLATE "C" AS name, quote_ident(a.attname) AS ident, quote_literal(a.attname) AS literal,
           a.attname = ANY (args[3]::text[]) AS is_secret, to_json(a.attname::text) || ':' AS label, t.typname = 'jsonb' AS is_document,
           audit.column_json(t.oid::regtype, t.typcategory, 'NEW.' || quote_ident(a.attname)) AS new_json,
           audit.column_json(t.oid::regtype, t.typcategory, 'OLD.' || quote_ident(a.attname)) AS old_json
      FROM pg_attribute AS a JOIN pg_type AS t ON t.oid = a.atttypid
     WHERE a.attrelid = target AND a.attnum > 0 AND NOT a.attisdropped AND a.attname <> ALL (args[4]::text[])
  ), rendered AS (
    SELECT c.*, 'to_json(' || c.new_json || ')::text' AS new_text, 'to_json(' || c.old_json || ')::text' AS old_text FROM columns AS c
  ), code AS (
    SELECT c.*,
           CASE WHEN NOT c.is_secret THEN format(E'      body := body || %L || %s || \']\';\n', ',' || c.label || '[null,', c.new_text) ELSE '' END AS insert_body,
           CASE WHEN NOT c.is_secret THEN format(E'      body := body || %L || %s || \',null]\';\n', ',' || c.label || '[', c.old_text) ELSE '' END AS delete_body,
           CASE WHEN c.is_secret THEN ''
             WHEN c.is_document THEN format(
               E'      body := body || %1$L || coalesce(audit.document_text(OLD.%2$s, NEW.%2$s), \'null\') || \',\' || coalesce(audit.document_text(NEW.%2$s, OLD.%2$s), \'null\') || \']\';\n',
               ',' || c.label || '[', c.ident)
             ELSE format(E'      body := body || %L || coalesce(%s, \'null\') || \',\' || coalesce(%s, \'null\') || \']\';\n', ',' || c.label || '[', c.old_text, c.new_text)
           END AS update_body
      FROM rendered AS c
  )
  SELECT string_agg(format(E'    IF NEW.%s IS NOT NULL THEN\n      names := names || %L::text;\n%s    END IF;\n', c.ident, c.name, c.insert_body), '' ORDER BY c.name),
         string_agg(format(E'    IF NEW.%1$s IS DISTINCT FROM OLD.%1$s THEN\n      names := names || %2$L::text;\n%3$s    END IF;\n', c.ident, c.name, c.update_body), '' ORDER BY c.name),
         string_agg(format(E'    IF OLD.%s IS NOT NULL THEN\n      names := names || %L::text;\n%s    END IF;\n', c.ident, c.name, c.delete_body), '' ORDER BY c.name),
         string_agg(format('%s AS %s', c.new_json, c.ident), ', ' ORDER BY c.name) FILTER (WHERE NOT c.is_secret),
         string_agg(format('%s AS %s', c.old_json, c.ident), ', ' ORDER BY c.name) FILTER (WHERE NOT c.is_secret),
         (SELECT string_agg(format('NEW.%I::text', k.name), $q$ || ':' || $q$ ORDER BY k.position) FROM unnest(keys) WITH ORDINALITY AS k (name, position)),
         (SELECT string_agg(format('OLD.%I::text', k.name), $q$ || ':' || $q$ ORDER BY k.position) FROM unnest(keys) WITH ORDINALITY AS k (name, position)),
         CASE WHEN args[1] = '' THEN 'NULL' ELSE format('NEW.%I', args[1]) END,
         CASE WHEN args[1] = '' THEN 'NULL' ELSE format('OLD.%I', args[1]) END,
         'ARRAY[' || string_agg(format('CASE WHEN NEW.%s IS NOT NULL THEN %s END', c.ident, c.literal), ', ' ORDER BY c.name) || ']',
         string_agg(format($q$coalesce(%L || %s || ']', '')$q$, ',' || c.label || '[null,', c.new_text), ' || ' ORDER BY c.name) FILTER (WHERE NOT c.is_secret)
    FROM code AS c;
END
$$;

CREATE FUNCTION audit.capture_source(target regclass) RETURNS text
  LANGUAGE plpgsql STABLE SET search_path = audit, pg_catalog
AS $$
-- The body of the trigger function of a table. The doctor compares it with what is installed.
DECLARE
  part record;
  args text[] := audit.trigger_arguments(target);
  name text := audit.table_name(target);
  has_picture boolean := args[5] = 'snapshot';
BEGIN
  SELECT * INTO part FROM audit.capture_parts(target);
  RETURN format($source$
-- Written by audit.capture_source: change the policy and call audit.enable_table instead of editing this.
DECLARE
  names text[] := '{}';
  body text := '';
  ctx jsonb;
  picture text;
  record_key text;
  subject uuid;
  operation smallint;
  event_id uuid;
  moment timestamptz;
  salt bytea;
  picture_salt bytea;
BEGIN
  IF TG_OP = 'UPDATE' THEN
%1$s    IF names = '{}' THEN
      RETURN NULL;
    END IF;
    operation := 2;
    record_key := %2$s;
    subject := %3$s;
%4$s  ELSIF TG_OP = 'INSERT' THEN
%5$s    operation := 1;
    record_key := %2$s;
    subject := %3$s;
%4$s  ELSE
%6$s    operation := 3;
    record_key := %7$s;
    subject := %8$s;
%9$s  END IF;
  body := '{' || substr(body, 2) || '}';
  ctx := audit.read_context();
  event_id := uuidv7();
  moment := clock_timestamp();
  salt := audit.new_salt();
%10$s  INSERT INTO audit.value (occurred_at, row_id, subject_id, salt, body) VALUES (moment, event_id, subject, salt, body);
  INSERT INTO audit.event (occurred_at, id, txid, action_id, actor_id, subject_id, epoch, op, tbl, record_id, actor_type, db_user,
                           changed, value_commit, snapshot_commit)
  SELECT moment, event_id, pg_current_xact_id(), (ctx ->> 'actionId')::uuid, (ctx ->> 'actorId')::uuid, subject,
         (SELECT e.epoch FROM audit.epoch AS e ORDER BY e.epoch DESC LIMIT 1), operation, %11$L, record_key, ctx ->> 'actorType', session_user,
         names, sha256('\x02'::bytea || salt || convert_to(body, 'UTF8')), sha256('\x03'::bytea || picture_salt || convert_to(picture, 'UTF8'))
    FROM pg_class AS c WHERE c.oid = TG_RELID AND c.relnatts = %12$s;
  IF NOT FOUND THEN
    RAISE EXCEPTION '%% has columns that its audit does not know: run audit.enable_table', TG_RELID::regclass USING ERRCODE = 'AU003';
  END IF;
  RETURN NULL;
END
$source$,
    part.update_code, part.new_key, part.new_subject,
    CASE WHEN has_picture THEN format(E'    SELECT row_to_json(p)::text INTO picture FROM (SELECT %s) AS p;\n', part.new_picture) END,
    part.insert_code, part.delete_code, part.old_key, part.old_subject,
    CASE WHEN has_picture THEN format(E'    SELECT row_to_json(p)::text INTO picture FROM (SELECT %s) AS p;\n', part.old_picture) END,
    CASE WHEN has_picture THEN format($picture$  picture_salt := audit.new_salt();
  INSERT INTO audit.snapshot (occurred_at, row_id, subject_id, tbl, record_id, salt, body)
  VALUES (moment, event_id, subject, %L, record_key, picture_salt, picture);
$picture$, name) END,
    name, args[6]);
END
$$;

CREATE FUNCTION audit.capture_truncate() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = audit, pg_catalog
AS $$
DECLARE
  ctx jsonb;
  event_id uuid := uuidv7();
  moment timestamptz := clock_timestamp();
  salt bytea := audit.new_salt();
BEGIN
  IF session_user IN ('app_web', 'app_worker') THEN
    RAISE EXCEPTION '%.% cannot be truncated', TG_TABLE_SCHEMA, TG_TABLE_NAME USING ERRCODE = '42501';
  END IF;
  ctx := audit.read_context();
  INSERT INTO audit.value (occurred_at, row_id, salt, body) VALUES (moment, event_id, salt, '{}');
  INSERT INTO audit.event (occurred_at, id, txid, action_id, actor_id, epoch, op, tbl, record_id, actor_type, db_user, changed, value_commit)
  VALUES (moment, event_id, pg_current_xact_id(), (ctx ->> 'actionId')::uuid, (ctx ->> 'actorId')::uuid, audit.current_epoch(), 4,
          TG_TABLE_SCHEMA || '.' || TG_TABLE_NAME, '*', ctx ->> 'actorType', session_user, '{}', sha256('\x02'::bytea || salt || '{}'::bytea));
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
  LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog
AS $$
-- A caller's X-Request-Id need not be a UUID: any other one is known by the UUIDv8 (RFC 9562) made of its SHA-256, as
-- src/foundation/runtime/request-uuid.ts makes it.
DECLARE
  bytes bytea;
BEGIN
  IF lower(sent) ~ '^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$' THEN
    RETURN lower(sent)::uuid;
  END IF;
  bytes := substring(sha256(convert_to(sent, 'UTF8')) FROM 1 FOR 16);
  bytes := set_byte(bytes, 6, get_byte(bytes, 6) & 15 | 128);
  bytes := set_byte(bytes, 8, get_byte(bytes, 8) & 63 | 128);
  RETURN encode(bytes, 'hex')::uuid;
END
$$;

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

CREATE FUNCTION audit.capture_function(target regclass) RETURNS text
  LANGUAGE sql STABLE
  RETURN 'audit.' || quote_ident('capture__' || replace(audit.table_name(target), '.', '__'));

CREATE FUNCTION audit.compile_capture(target regclass) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = audit, pg_catalog
AS $$
BEGIN
  EXECUTE format('CREATE OR REPLACE FUNCTION %1$s() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = audit, pg_catalog AS %2$L',
                 audit.capture_function(target), audit.capture_source(target));
  EXECUTE format('REVOKE ALL ON FUNCTION %s() FROM PUBLIC', audit.capture_function(target));
  EXECUTE format('GRANT EXECUTE ON FUNCTION %s() TO migrator', audit.capture_function(target));
END
$$;

CREATE FUNCTION audit.write_baseline(target regclass) RETURNS bigint
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = audit, pg_catalog
AS $$
-- An event of op 5 for each row that is there, 5,000 rows a statement. Needs SELECT on the table.
DECLARE
  part record;
  last text := NULL;
  written bigint := 0;
  batch bigint;
BEGIN
  SELECT * INTO part FROM audit.capture_parts(target);
  LOOP
    EXECUTE format($batch$
      WITH batch AS MATERIALIZED (
        SELECT %1$s AS record_key, %2$s::uuid AS subject, array_remove(%3$s, NULL) AS names, '{' || substr(%4$s, 2) || '}' AS body,
               uuidv7() AS event_id, clock_timestamp() AS moment, audit.new_salt() AS salt
          FROM %5$s AS NEW
         WHERE $1 IS NULL OR (%1$s) COLLATE "C" > $1
         ORDER BY (%1$s) COLLATE "C" LIMIT 5000
      ), bodies AS (
        INSERT INTO audit.value (occurred_at, row_id, subject_id, salt, body) SELECT b.moment, b.event_id, b.subject, b.salt, b.body FROM batch AS b
      ), events AS (
        INSERT INTO audit.event (occurred_at, id, txid, action_id, actor_id, subject_id, epoch, op, tbl, record_id, actor_type, db_user, changed, value_commit)
        SELECT b.moment, b.event_id, pg_current_xact_id(), (c.ctx ->> 'actionId')::uuid, (c.ctx ->> 'actorId')::uuid, b.subject, audit.current_epoch(), 5, %6$L,
               b.record_key, c.ctx ->> 'actorType', session_user, b.names, sha256('\x02'::bytea || b.salt || convert_to(b.body, 'UTF8'))
          FROM batch AS b, (SELECT audit.read_context() AS ctx) AS c
      )
      SELECT count(*), max(b.record_key COLLATE "C") FROM batch AS b$batch$,
      part.new_key, part.new_subject, part.new_names, part.new_body, target, audit.table_name(target)) INTO batch, last USING last;
    written := written + batch;
    EXIT WHEN batch < 5000;
  END LOOP;
  RETURN written;
END
$$;

CREATE FUNCTION audit.enable_table(target regclass) RETURNS bigint
  LANGUAGE plpgsql SET search_path = audit, pg_catalog
AS $$
-- Runs as the owner of the table. Compiles the policy into the table's trigger (again, after policy or columns changed) and,
-- the first time, writes the baseline. Returns how many baseline events.
DECLARE
  args text[] := audit.trigger_arguments(target);
  is_new boolean := NOT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = target AND tgname = 'audit_rows');
  written bigint := 0;
BEGIN
  PERFORM audit.compile_capture(target);
  EXECUTE format('CREATE OR REPLACE TRIGGER audit_rows AFTER INSERT OR UPDATE OR DELETE ON %s FOR EACH ROW EXECUTE FUNCTION %s(%s)',
                 target, audit.capture_function(target),
                 (SELECT string_agg(quote_literal(a.value), ', ' ORDER BY a.position) FROM unnest(args) WITH ORDINALITY AS a (value, position)));
  EXECUTE format('CREATE OR REPLACE TRIGGER audit_truncate BEFORE TRUNCATE ON %s FOR EACH STATEMENT EXECUTE FUNCTION audit.capture_truncate()', target);
  EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER audit_rows, ENABLE ALWAYS TRIGGER audit_truncate', target);
  IF is_new THEN
    EXECUTE format('GRANT SELECT ON %s TO audit_owner', target);
    written := audit.write_baseline(target);
    EXECUTE format('REVOKE SELECT ON %s FROM audit_owner', target);
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
  audit.table_name(regclass), audit.capture_function(regclass), audit.compile_capture(regclass), audit.write_baseline(regclass),
  audit.record_policy_change(text, text), audit.guard_table(regclass, boolean), audit.capture_truncate(), audit.refuse_change() TO migrator;

RESET ROLE;
