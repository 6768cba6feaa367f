-- The search index of the history (docs/adr/0016-search-is-a-table-of-its-own.md). Nothing has been indexed before this
-- migration, and whatever is in audit.search can be made again from the history: the table is made anew, with its columns in order.
SET lock_timeout = '5s';
SET statement_timeout = '10min';
SET ROLE audit_owner;

-- squawk-ignore ban-drop-table
DROP TABLE audit.search;

-- `click_at` and `click_id` are time and id of the action row that the row belongs to (its own, where none does), and what results
-- are ordered by, so that one click is found at one place whatever row of it fits. No row is later than its click. `tags` hold
-- what is looked for exactly (role, record, field, outcome ...); `text` holds words only.
CREATE TABLE audit.search (
    occurred_at TIMESTAMPTZ(6) NOT NULL,
    click_at TIMESTAMPTZ(6) NOT NULL,
    row_id UUID NOT NULL,
    click_id UUID NOT NULL,
    actor_id UUID,
    subject_id UUID,
    kind SMALLINT NOT NULL,
    tbl TEXT,
    "action" TEXT,
    tags TEXT[] NOT NULL DEFAULT '{}',
    text TEXT NOT NULL,

    CONSTRAINT search_pkey PRIMARY KEY (occurred_at,row_id),
    CONSTRAINT search_click_at_check CHECK (click_at >= occurred_at)
) PARTITION BY RANGE (occurred_at);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX search_click_at_click_id_idx ON audit.search(click_at DESC, click_id DESC);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX search_actor_id_click_at_idx ON audit.search(actor_id, click_at DESC);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX search_subject_id_idx ON audit.search(subject_id);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX search_tags_idx ON audit.search USING GIN (tags);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX search_text_idx ON audit.search USING GIN (text gin_trgm_ops);
SELECT audit.guard_table('audit.search', true);
REVOKE ALL ON audit.search FROM PUBLIC;
GRANT SELECT ON audit.search TO app_web, app_worker, audit_reader;

-- The months that the history has.
SELECT audit.make_partitions(min(m.month), max(m.month))
  FROM (SELECT to_date(substring(c.relname FROM '_p(\d{6})$'), 'YYYYMM') AS month
          FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid
         WHERE i.inhparent = 'audit.action'::regclass) AS m
 WHERE m.month IS NOT NULL;

-- Up to which leaf a job has come. A mark of the worker's own, no part of the history: where it is lost, the work is done again.
CREATE TABLE audit.progress (
    next_seq BIGINT NOT NULL,
    at TIMESTAMPTZ(6) NOT NULL DEFAULT clock_timestamp(),
    job TEXT NOT NULL,

    CONSTRAINT progress_pkey PRIMARY KEY (job),
    CONSTRAINT progress_next_seq_check CHECK (next_seq >= 0),
    CONSTRAINT progress_job_check CHECK (job IN ('index', 'enrich'))
);
REVOKE ALL ON audit.progress FROM PUBLIC;
GRANT SELECT ON audit.progress TO app_web, app_worker, audit_reader;
INSERT INTO audit.progress (job, next_seq) VALUES ('index', 0), ('enrich', 0);

CREATE FUNCTION audit.advance_progress(job_name text, from_seq bigint, to_seq bigint) RETURNS bigint
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = audit, pg_catalog
AS $$
  -- Moves on only over what is next: a range done ahead of its turn leaves the mark, and catching up does that range again.
  -- Returns where the mark stands.
  WITH moved AS (
    UPDATE audit.progress AS p SET next_seq = to_seq, at = clock_timestamp()
     WHERE p.job = job_name AND p.next_seq >= from_seq AND p.next_seq < to_seq RETURNING p.next_seq
  )
  SELECT coalesce((SELECT m.next_seq FROM moved AS m), (SELECT p.next_seq FROM audit.progress AS p WHERE p.job = job_name))
$$;

CREATE OR REPLACE FUNCTION audit.put_search(entries jsonb) RETURNS integer
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = audit, pg_catalog
AS $$
-- `entries`: [{occurredAt, rowId, kind, clickAt?, clickId?, isFromValue?, actorId?, subjectId?, tbl?, action?, tags?, text}]. A row
-- that is there already is left alone. What was made from a value row is taken only while that row is there; the lock keeps an
-- erasure, which takes it alone, from running between the look and the commit.
DECLARE
  put integer;
BEGIN
  PERFORM pg_advisory_xact_lock_shared(hashtextextended('audit.erase', 0));
  INSERT INTO audit.search (occurred_at, click_at, row_id, click_id, actor_id, subject_id, kind, tbl, action, tags, text)
  SELECT e."occurredAt", coalesce(e."clickAt", e."occurredAt"), e."rowId", coalesce(e."clickId", e."rowId"), e."actorId", e."subjectId",
         e.kind, e.tbl, e.action, coalesce(e.tags, '{}'), e.text
    FROM jsonb_to_recordset(entries) AS e ("occurredAt" timestamptz, "clickAt" timestamptz, "rowId" uuid, "clickId" uuid, "isFromValue" boolean,
                                           "actorId" uuid, "subjectId" uuid, kind smallint, tbl text, action text, tags text[], text text)
   WHERE e."isFromValue" IS NOT TRUE OR EXISTS (SELECT FROM audit.value AS v WHERE v.occurred_at = e."occurredAt" AND v.row_id = e."rowId")
  ON CONFLICT DO NOTHING;
  GET DIAGNOSTICS put = ROW_COUNT;
  RETURN put;
END
$$;

CREATE FUNCTION audit.put_enrichment(row_ids uuid[], countries text[], devices text[], browsers text[], systems text[]) RETURNS integer
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = audit, pg_catalog
AS $$
-- The first description of many rows at once: columns instead of JSON, which would cost more than the insert. A row that is
-- described already is left alone, whatever was said of it since.
DECLARE
  put integer;
BEGIN
  INSERT INTO audit.enrichment (row_id, country, device, browser, os)
  SELECT e.row_id, e.country, e.device, e.browser, e.os
    FROM unnest(row_ids, countries, devices, browsers, systems) AS e (row_id, country, device, browser, os)
  ON CONFLICT DO NOTHING;
  GET DIAGNOSTICS put = ROW_COUNT;
  RETURN put;
END
$$;

REVOKE ALL ON FUNCTION audit.advance_progress(text, bigint, bigint), audit.put_enrichment(uuid[], text[], text[], text[], text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit.advance_progress(text, bigint, bigint), audit.put_enrichment(uuid[], text[], text[], text[], text[]) TO app_worker;

RESET ROLE;

-- The queue of audit.enrich was made as a tick; ranges need another policy, and a queue's policy is fixed when it is made.
DO $$
BEGIN
  IF to_regprocedure('pgboss.delete_queue(text)') IS NOT NULL THEN
    PERFORM pgboss.delete_queue('audit.enrich');
  END IF;
END
$$;
