-- Legal holds and the erasure of a person in the history (audit.md section 15).
SET lock_timeout = '5s';
SET statement_timeout = '60s';
SET ROLE audit_owner;

-- ---------------------------------------------------------------- holds

CREATE FUNCTION audit.guard_hold() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog
AS $$
-- Holds are placed and released by the functions below only, also by owners and superusers: each leaves a sealed control row.
-- Erasure may empty the words of a released hold.
BEGIN
  IF current_user = 'audit_owner' AND TG_OP = 'INSERT' AND current_setting('audit.holding', true) = 'on' THEN
    RETURN NEW;
  END IF;
  IF current_user = 'audit_owner' AND TG_OP = 'UPDATE' THEN
    IF current_setting('audit.holding', true) = 'on' AND OLD.released_at IS NULL AND NEW.released_at IS NOT NULL
       AND (NEW.id, NEW.placed_at, NEW.placed_by, NEW.reason) = (OLD.id, OLD.placed_at, OLD.placed_by, OLD.reason)
       AND (NEW.subject_id, NEW.month, NEW.tbl, NEW.record_id) IS NOT DISTINCT FROM (OLD.subject_id, OLD.month, OLD.tbl, OLD.record_id) THEN
      RETURN NEW;
    END IF;
    IF current_setting('audit.erasing', true) = 'on' AND OLD.released_at IS NOT NULL AND NEW.reason = ''
       AND (NEW.id, NEW.placed_at, NEW.placed_by, NEW.released_at) = (OLD.id, OLD.placed_at, OLD.placed_by, OLD.released_at)
       AND (NEW.subject_id, NEW.month, NEW.tbl, NEW.record_id) IS NOT DISTINCT FROM (OLD.subject_id, OLD.month, OLD.tbl, OLD.record_id) THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION 'audit.hold is written by audit.place_hold and audit.release_hold only' USING ERRCODE = '42501';
END
$$;

CREATE TRIGGER guard_rows BEFORE INSERT OR UPDATE OR DELETE ON audit.hold FOR EACH ROW EXECUTE FUNCTION audit.guard_hold();
CREATE TRIGGER guard_truncate BEFORE TRUNCATE ON audit.hold FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
ALTER TABLE audit.hold ENABLE ALWAYS TRIGGER guard_rows, ENABLE ALWAYS TRIGGER guard_truncate;

CREATE FUNCTION audit.hold_text(held audit.hold, code text, by_whom uuid, action_id text) RETURNS text
  LANGUAGE sql STABLE SET search_path = audit, pg_catalog
  RETURN audit.canonical(jsonb_build_object(
    'v', '1', 'hold', held.id, 'subject', coalesce(held.subject_id::text, ''), 'table', coalesce(held.tbl, ''), 'record', coalesce(held.record_id, ''),
    'month', coalesce(to_char(held.month, 'YYYY-MM'), ''), 'reason', code, 'by', by_whom, 'action', coalesce(action_id, '')));

CREATE FUNCTION audit.place_hold(payload jsonb) RETURNS uuid
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = audit, pg_catalog
AS $$
-- `payload`: {subjectId} or {table, recordId} or {month: "YYYY-MM"}, with {code, reason}. Who places it is the actor of the context.
-- The row and its sealed control row are one.
DECLARE
  ctx jsonb := audit.read_context();
  placed audit.hold;
BEGIN
  IF coalesce(ctx ->> 'actorId', '') = '' THEN
    RAISE EXCEPTION 'a hold is placed by a person' USING ERRCODE = '42501';
  END IF;
  IF length(coalesce(payload ->> 'reason', '')) < 10 OR coalesce(payload ->> 'code', '') = '' THEN
    RAISE EXCEPTION 'a hold needs a reason' USING ERRCODE = '22023';
  END IF;
  PERFORM set_config('audit.holding', 'on', true);
  INSERT INTO audit.hold (subject_id, placed_by, month, tbl, record_id, reason)
  VALUES ((payload ->> 'subjectId')::uuid, (ctx ->> 'actorId')::uuid, (payload ->> 'month' || '-01')::date, payload ->> 'table', payload ->> 'recordId',
          payload ->> 'reason')
  RETURNING * INTO placed;
  PERFORM set_config('audit.holding', 'off', true);
  PERFORM audit.record_control('hold', audit.hold_text(placed, payload ->> 'code', placed.placed_by, ctx ->> 'actionId'));
  RETURN placed.id;
END
$$;

CREATE FUNCTION audit.release_hold(hold_id uuid, code text) RETURNS boolean
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = audit, pg_catalog
AS $$
-- False when it is released already or does not exist.
DECLARE
  ctx jsonb := audit.read_context();
  released audit.hold;
BEGIN
  IF coalesce(ctx ->> 'actorId', '') = '' THEN
    RAISE EXCEPTION 'a hold is released by a person' USING ERRCODE = '42501';
  END IF;
  PERFORM set_config('audit.holding', 'on', true);
  UPDATE audit.hold AS h SET released_at = clock_timestamp() WHERE h.id = hold_id AND h.released_at IS NULL RETURNING * INTO released;
  PERFORM set_config('audit.holding', 'off', true);
  IF released.id IS NULL THEN
    RETURN false;
  END IF;
  PERFORM audit.record_control('hold_release', audit.hold_text(released, code, (ctx ->> 'actorId')::uuid, ctx ->> 'actionId'));
  RETURN true;
END
$$;

CREATE FUNCTION audit.holds_against_erasure(subject uuid) RETURNS SETOF uuid
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = audit, pg_catalog
AS $$
  -- On the person, on a record about the person, or on a month that holds values about the person.
  SELECT h.id FROM audit.hold AS h
   WHERE h.released_at IS NULL
     AND (h.subject_id = subject
       OR (h.tbl IS NOT NULL AND EXISTS (SELECT 1 FROM audit.event AS e WHERE e.tbl = h.tbl AND e.record_id = h.record_id AND e.subject_id = subject))
       OR (h.month IS NOT NULL AND EXISTS (
             SELECT 1 FROM audit.event AS e
              WHERE e.subject_id = subject AND e.occurred_at >= (h.month::timestamp AT TIME ZONE 'UTC')
                AND e.occurred_at < ((h.month + interval '1 month') AT TIME ZONE 'UTC'))))
$$;

CREATE FUNCTION audit.holds_on_month(held_month date) RETURNS SETOF uuid
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = audit, pg_catalog
AS $$
  -- On the month, or on a person or record that it holds rows about.
  SELECT h.id FROM audit.hold AS h
   WHERE h.released_at IS NULL
     AND (h.month = date_trunc('month', held_month)::date
       OR (h.month IS NULL AND EXISTS (
             SELECT 1 FROM audit.event AS e
              WHERE e.occurred_at >= (date_trunc('month', held_month::timestamp) AT TIME ZONE 'UTC')
                AND e.occurred_at < ((date_trunc('month', held_month::timestamp) + interval '1 month') AT TIME ZONE 'UTC')
                AND (e.subject_id = h.subject_id OR (e.tbl = h.tbl AND e.record_id = h.record_id))))
       OR (h.subject_id IS NOT NULL AND EXISTS (
             SELECT 1 FROM audit.action AS a
              WHERE a.occurred_at >= (date_trunc('month', held_month::timestamp) AT TIME ZONE 'UTC')
                AND a.occurred_at < ((date_trunc('month', held_month::timestamp) + interval '1 month') AT TIME ZONE 'UTC')
                AND (a.actor_id = h.subject_id OR a.record_ids @> ARRAY[h.subject_id::text]))))
$$;

-- ---------------------------------------------------------------- erasing a person

-- What is known of an erasure while it runs, and its receipt afterwards. Ids and counts only.
CREATE TABLE audit.erasure_run (
    subject_id UUID NOT NULL,
    action_id UUID,
    approval_id UUID,
    started_at TIMESTAMPTZ(6) NOT NULL DEFAULT clock_timestamp(),
    finished_at TIMESTAMPTZ(6),
    first_at TIMESTAMPTZ(6),
    last_at TIMESTAMPTZ(6),
    swept_to TIMESTAMPTZ(6),
    value_count BIGINT NOT NULL DEFAULT 0,
    snapshot_count BIGINT NOT NULL DEFAULT 0,
    search_count BIGINT NOT NULL DEFAULT 0,
    enrichment_count BIGINT NOT NULL DEFAULT 0,
    phase SMALLINT NOT NULL DEFAULT 1,
    actions UUID[] NOT NULL DEFAULT '{}',
    records TEXT[] NOT NULL DEFAULT '{}',
    receipt JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT erasure_run_pkey PRIMARY KEY (subject_id)
);

CREATE FUNCTION audit.begin_erasure(subject uuid, approval uuid, receipt jsonb, more_records text[]) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = audit, pg_catalog
AS $$
-- Called by identity.forget_person in the transaction that empties the person's rows; the history follows when that is committed.
-- `more_records`: as for audit.note_erasure.
DECLARE
  ctx jsonb := audit.read_context();
BEGIN
  IF EXISTS (SELECT 1 FROM audit.holds_against_erasure(subject)) THEN
    RAISE EXCEPTION 'a legal hold keeps %', subject USING ERRCODE = 'AU005';
  END IF;
  INSERT INTO audit.erasure_run (subject_id, action_id, approval_id, receipt, records)
  VALUES (subject, (ctx ->> 'actionId')::uuid, approval, receipt, more_records);
END
$$;

CREATE FUNCTION audit.note_erasure(subject uuid, counts jsonb, more_records text[]) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = audit, pg_catalog
AS $$
-- `counts`: {"schema.table": rows} of one owner, put into the receipt. `more_records`: `schema.table:id` of rows about the person
-- whose events name no subject. Harmless to repeat: what is counted is what was found the first time.
BEGIN
  UPDATE audit.erasure_run AS r
     SET receipt = jsonb_set(r.receipt, '{rows}', counts || coalesce(r.receipt -> 'rows', '{}')),
         records = ARRAY(SELECT DISTINCT k FROM unnest(r.records || more_records) AS k ORDER BY k)
   WHERE r.subject_id = subject AND r.finished_at IS NULL;
END
$$;

CREATE FUNCTION audit.erase_rows(run audit.erasure_run, at timestamptz[], ids uuid[]) RETURNS audit.erasure_run
  LANGUAGE plpgsql SET search_path = audit, pg_catalog
AS $$
-- Deletes the contents, search and enrichment rows of these events or actions, and adds them to the run.
DECLARE
  n bigint;
BEGIN
  DELETE FROM audit.value AS v USING unnest(at, ids) AS w (at, id) WHERE v.occurred_at = w.at AND v.row_id = w.id;
  GET DIAGNOSTICS n = ROW_COUNT;
  run.value_count := run.value_count + n;
  DELETE FROM audit.snapshot AS s USING unnest(at, ids) AS w (at, id) WHERE s.occurred_at = w.at AND s.row_id = w.id;
  GET DIAGNOSTICS n = ROW_COUNT;
  run.snapshot_count := run.snapshot_count + n;
  DELETE FROM audit.search AS s USING unnest(at, ids) AS w (at, id) WHERE s.occurred_at = w.at AND s.row_id = w.id;
  GET DIAGNOSTICS n = ROW_COUNT;
  run.search_count := run.search_count + n;
  DELETE FROM audit.enrichment AS e WHERE e.row_id = ANY (ids);
  GET DIAGNOSTICS n = ROW_COUNT;
  run.enrichment_count := run.enrichment_count + n;
  SELECT least(run.first_at, min(w.at)), greatest(run.last_at, max(w.at)) INTO run.first_at, run.last_at FROM unnest(at) AS w (at);
  RETURN run;
END
$$;

CREATE FUNCTION audit.erasure_batch(run audit.erasure_run, batch integer, OUT at timestamptz[], OUT ids uuid[], OUT extra uuid[], OUT linked text[])
  LANGUAGE plpgsql STABLE SET search_path = audit, pg_catalog
AS $$
-- The next rows of a run's phase that still have something to delete. `linked`: what the person was aimed at before there was an
-- account (flows, attempts), by the anonymous actions that changed the person's rows. Phase 1: events about the person; 2: what search or values
-- know the person by; 3: the person's own actions; 4: actions that changed the person's rows; 5: actions aimed at the person or at
-- the records that name no subject, a month at a time; 6: events of those records.
BEGIN
  extra := '{}';
  linked := '{}';
  CASE run.phase
    WHEN 1 THEN
      SELECT array_agg(f.occurred_at), array_agg(f.id) INTO at, ids FROM (
        SELECT e.occurred_at, e.id FROM audit.event AS e
         WHERE e.subject_id = run.subject_id
           AND (EXISTS (SELECT 1 FROM audit.value AS v WHERE v.occurred_at = e.occurred_at AND v.row_id = e.id)
             OR EXISTS (SELECT 1 FROM audit.snapshot AS s WHERE s.occurred_at = e.occurred_at AND s.row_id = e.id)
             OR EXISTS (SELECT 1 FROM audit.search AS s WHERE s.occurred_at = e.occurred_at AND s.row_id = e.id))
         LIMIT batch) AS f;
    WHEN 2 THEN
      SELECT array_agg(f.occurred_at), array_agg(f.row_id) INTO at, ids FROM (
        SELECT v.occurred_at, v.row_id FROM audit.value AS v WHERE v.subject_id = run.subject_id
        UNION SELECT s.occurred_at, s.row_id FROM audit.snapshot AS s WHERE s.subject_id = run.subject_id
        UNION SELECT s.occurred_at, s.row_id FROM audit.search AS s WHERE s.subject_id = run.subject_id
        LIMIT batch) AS f;
    WHEN 3 THEN
      SELECT array_agg(f.occurred_at), array_agg(f.id) INTO at, ids FROM (
        SELECT a.occurred_at, a.id FROM audit.action AS a
         WHERE a.actor_id = run.subject_id AND EXISTS (SELECT 1 FROM audit.value AS v WHERE v.occurred_at = a.occurred_at AND v.row_id = a.id)
         LIMIT batch) AS f;
    WHEN 4 THEN
      SELECT array_agg(f.occurred_at), array_agg(f.id), coalesce(array_agg(f.id) FILTER (WHERE f.is_extra), '{}') INTO at, ids, extra FROM (
        SELECT DISTINCT a.occurred_at, a.id, a.outcome = 'read' OR NOT a.record_ids @> ARRAY[run.subject_id::text] AS is_extra
          FROM audit.event AS e JOIN audit.action AS a ON a.epoch = e.epoch AND a.txid = e.txid AND a.id = e.action_id
         WHERE e.subject_id = run.subject_id AND EXISTS (SELECT 1 FROM audit.value AS v WHERE v.occurred_at = a.occurred_at AND v.row_id = a.id)
         LIMIT batch) AS f;
      SELECT coalesce(array_agg('linked:' || r.id), '{}') INTO linked
        FROM unnest(at, ids) AS w (at, id) JOIN audit.action AS a ON a.occurred_at = w.at AND a.id = w.id AND a.actor_type = 'anonymous'
       CROSS JOIN LATERAL unnest(a.record_ids) AS r (id) WHERE r.id <> run.subject_id::text;
    WHEN 5 THEN
      SELECT array_agg(a.occurred_at), array_agg(a.id), coalesce(array_agg(a.id) FILTER (WHERE NOT a.record_ids @> ARRAY[run.subject_id::text]), '{}')
        INTO at, ids, extra FROM audit.action AS a
       WHERE a.occurred_at >= run.swept_to AND a.occurred_at < run.swept_to + interval '1 month' AND a.outcome <> 'read'
         AND a.record_ids && (ARRAY[run.subject_id::text] || ARRAY(SELECT substr(k, strpos(k, ':') + 1) FROM unnest(run.records) AS k))
         AND EXISTS (SELECT 1 FROM audit.value AS v WHERE v.occurred_at = a.occurred_at AND v.row_id = a.id);
    ELSE
      SELECT array_agg(f.occurred_at), array_agg(f.id) INTO at, ids FROM (
        SELECT e.occurred_at, e.id FROM unnest(run.records) AS k
          JOIN audit.event AS e ON e.tbl = split_part(k, ':', 1) AND e.record_id = substr(k, strpos(k, ':') + 1)
         WHERE EXISTS (SELECT 1 FROM audit.value AS v WHERE v.occurred_at = e.occurred_at AND v.row_id = e.id)
            OR EXISTS (SELECT 1 FROM audit.search AS s WHERE s.occurred_at = e.occurred_at AND s.row_id = e.id)
         LIMIT batch) AS f;
  END CASE;
  at := coalesce(at, '{}');
  ids := coalesce(ids, '{}');
END
$$;

CREATE FUNCTION audit.finish_erasure(run audit.erasure_run) RETURNS void
  LANGUAGE plpgsql SET search_path = audit, pg_catalog
AS $$
-- The sealed control row. A run that found nothing (a repetition) leaves none.
BEGIN
  IF run.value_count + run.snapshot_count + run.search_count + run.enrichment_count > 0 OR run.action_id IS NOT NULL THEN
    PERFORM audit.record_control('erasure', audit.canonical(jsonb_build_object(
      'v', '1', 'subject', run.subject_id,
      'history', jsonb_build_object('value', run.value_count::text, 'snapshot', run.snapshot_count::text, 'search', run.search_count::text,
                                    'enrichment', run.enrichment_count::text),
      'rows', coalesce((SELECT jsonb_object_agg(e.key, e.value #>> '{}') FROM jsonb_each(run.receipt -> 'rows') AS e), '{}'),
      'from', coalesce(to_char(run.first_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), ''),
      'to', coalesce(to_char(run.last_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), ''),
      'actions', to_jsonb(ARRAY(SELECT DISTINCT a FROM unnest(run.actions) AS a ORDER BY a)), 'records', to_jsonb(run.records),
      'action', coalesce(run.action_id::text, ''), 'approval', coalesce(run.approval_id::text, ''),
      'requestedBy', coalesce(run.receipt #>> '{people,requestedBy}', ''), 'approvedBy', coalesce(run.receipt #>> '{people,approvedBy}', ''))));
  END IF;
  UPDATE audit.hold AS h SET reason = '' WHERE h.subject_id = run.subject_id AND h.released_at IS NOT NULL AND h.reason <> '';
END
$$;

CREATE FUNCTION audit.erase_subject(subject uuid, batch integer) RETURNS jsonb
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = audit, pg_catalog
AS $$
-- One batch of a run that audit.begin_erasure started. Called again until `isDone`; what a stopped worker did is kept in the run.
-- Returns {isDone, phase, value, snapshot, search, enrichment} with the counts so far.
DECLARE
  run audit.erasure_run;
  part record;
BEGIN
  -- Alone: no search row may be made of a value between its deletion and the end of this.
  PERFORM pg_advisory_xact_lock(hashtextextended('audit.erase', 0));
  SELECT * INTO run FROM audit.erasure_run AS r WHERE r.subject_id = subject FOR UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'no erasure of % was begun', subject USING ERRCODE = '22023';
  END IF;
  IF run.finished_at IS NULL THEN
    IF EXISTS (SELECT 1 FROM audit.holds_against_erasure(subject)) THEN
      RAISE EXCEPTION 'a legal hold keeps %', subject USING ERRCODE = 'AU005';
    END IF;
    PERFORM set_config('audit.erasing', 'on', true);
    IF run.phase = 5 AND run.swept_to IS NULL THEN
      SELECT date_trunc('month', min(a.occurred_at), 'UTC') INTO run.swept_to FROM audit.action AS a;
    END IF;
    SELECT * INTO part FROM audit.erasure_batch(run, batch);
    run := audit.erase_rows(run, part.at, part.ids);
    run.actions := run.actions || part.extra;
    run.records := ARRAY(SELECT DISTINCT k FROM unnest(run.records || part.linked) AS k ORDER BY k);
    IF run.phase = 5 AND run.swept_to + interval '1 month' <= now() THEN
      run.swept_to := run.swept_to + interval '1 month';
    ELSIF cardinality(part.ids) < batch OR run.phase = 5 THEN
      run.phase := run.phase + 1;
    END IF;
    IF run.phase > 6 THEN
      PERFORM audit.finish_erasure(run);
      run.finished_at := clock_timestamp();
    END IF;
    PERFORM set_config('audit.erasing', 'off', true);
    UPDATE audit.erasure_run AS r
       SET (finished_at, first_at, last_at, swept_to, value_count, snapshot_count, search_count, enrichment_count, phase, actions, records) =
           (run.finished_at, run.first_at, run.last_at, run.swept_to, run.value_count, run.snapshot_count, run.search_count, run.enrichment_count,
            run.phase, run.actions, run.records)
     WHERE r.subject_id = subject;
  END IF;
  RETURN jsonb_build_object('isDone', run.finished_at IS NOT NULL, 'phase', run.phase, 'value', run.value_count, 'snapshot', run.snapshot_count,
                            'search', run.search_count, 'enrichment', run.enrichment_count);
END
$$;

CREATE FUNCTION audit.reopen_erasures() RETURNS SETOF uuid
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = audit, pg_catalog
AS $$
  -- People who are erased and about whom something was written since, for instance by a job that was running. Their runs start
  -- again; each leaves a control row of its own.
  UPDATE audit.erasure_run AS r
     SET finished_at = NULL, phase = 1, swept_to = NULL, first_at = NULL, last_at = NULL, action_id = NULL, value_count = 0, snapshot_count = 0,
         search_count = 0, enrichment_count = 0, actions = '{}', receipt = r.receipt - 'rows' - 'people'
   WHERE r.finished_at IS NOT NULL
     AND (EXISTS (SELECT 1 FROM audit.value AS v WHERE v.subject_id = r.subject_id)
       OR EXISTS (SELECT 1 FROM audit.snapshot AS s WHERE s.subject_id = r.subject_id)
       OR EXISTS (SELECT 1 FROM audit.search AS s WHERE s.subject_id = r.subject_id))
  RETURNING r.subject_id
$$;

-- ---------------------------------------------------------------- who may

REVOKE ALL ON FUNCTION audit.guard_hold(), audit.hold_text(audit.hold, text, uuid, text), audit.place_hold(jsonb), audit.release_hold(uuid, text),
  audit.holds_against_erasure(uuid), audit.holds_on_month(date), audit.begin_erasure(uuid, uuid, jsonb, text[]), audit.note_erasure(uuid, jsonb, text[]),
  audit.erase_rows(audit.erasure_run, timestamptz[], uuid[]), audit.erasure_batch(audit.erasure_run, integer),
  audit.finish_erasure(audit.erasure_run), audit.erase_subject(uuid, integer), audit.reopen_erasures() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit.place_hold(jsonb), audit.release_hold(uuid, text), audit.holds_against_erasure(uuid) TO app_web, app_worker;
-- Only identity.forget_person begins an erasure: it knows whether the person is erased.
GRANT EXECUTE ON FUNCTION audit.begin_erasure(uuid, uuid, jsonb, text[]) TO migrator;
GRANT EXECUTE ON FUNCTION audit.holds_on_month(date), audit.note_erasure(uuid, jsonb, text[]), audit.erase_subject(uuid, integer), audit.reopen_erasures() TO app_worker;
GRANT SELECT ON audit.erasure_run TO app_web, app_worker, audit_reader;

-- A lock that is waited for stops every writer behind it.
ALTER FUNCTION audit.make_partitions(date, date) SET lock_timeout = '2s';

RESET ROLE;
