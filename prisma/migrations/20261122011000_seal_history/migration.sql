-- How rows become leaves (audit.md section 7, docs/adr/0013-leaves-are-made-in-the-database.md). The worker may ask for the next
-- batch and must sign it; which rows these are, in which order and with which hash is decided in here, so that neither a mistake
-- nor a hostile worker can leave one out, take one twice or seal something else in its place.
SET lock_timeout = '5s';
SET statement_timeout = '60s';
SET ROLE audit_owner;

-- The batch whose leaves are written and whose checkpoint is not. It never outlives a transaction.
CREATE TABLE audit.seal_batch (
    from_size BIGINT NOT NULL,
    to_size BIGINT NOT NULL,
    at TIMESTAMPTZ(6) NOT NULL,
    watermark xid8 NOT NULL,
    epoch INTEGER NOT NULL,
    is_open BOOLEAN NOT NULL DEFAULT true,

    CONSTRAINT seal_batch_pkey PRIMARY KEY (is_open),
    CONSTRAINT seal_batch_is_open_check CHECK (is_open),
    CONSTRAINT seal_batch_size_check CHECK (from_size >= 0 AND to_size > from_size)
);

CREATE FUNCTION audit.refuse_open_batch() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = audit, pg_catalog
AS $$
-- Runs at commit. Leaves that no checkpoint covers would be sealed by nobody's signature.
BEGIN
  IF EXISTS (SELECT FROM audit.seal_batch) THEN
    RAISE EXCEPTION 'leaves without a checkpoint' USING ERRCODE = 'AU011';
  END IF;
  RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER refuse_open_batch AFTER INSERT ON audit.seal_batch
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit.refuse_open_batch();
ALTER TABLE audit.seal_batch ENABLE ALWAYS TRIGGER refuse_open_batch;

-- Each row with the canonical text of its leaf object. Names stand in canonical order; to_json escapes as RFC 8785 does.
CREATE VIEW audit.leaf_source AS
SELECT e.epoch, e.txid, 1::smallint AS kind, e.id, e.occurred_at, concat(
    '{"action":', coalesce('"' || e.action_id || '"', 'null'), ',"actor":', coalesce('"' || e.actor_id || '"', 'null'),
    ',"actorType":', to_json(e.actor_type), ',"at":"', to_char(e.occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    '","changed":', array_to_json(e.changed), ',"db":', to_json(e.db_user::text), ',"epoch":', e.epoch, ',"id":"', e.id,
    '","k":"event","op":', e.op, ',"rec":', to_json(e.record_id),
    ',"snap":', coalesce('"' || encode(e.snapshot_commit, 'hex') || '"', 'null'),
    ',"subject":', coalesce('"' || e.subject_id || '"', 'null'), ',"tbl":', to_json(e.tbl), ',"txid":"', e.txid,
    '","v":1,"value":', coalesce('"' || encode(e.value_commit, 'hex') || '"', 'null'), '}') AS content
  FROM audit.event AS e
UNION ALL
SELECT a.epoch, a.txid, 2::smallint, a.id, a.occurred_at, concat(
    '{"act":', to_json(a.action), ',"actor":', coalesce('"' || a.actor_id || '"', 'null'), ',"actorType":', to_json(a.actor_type),
    ',"approval":', coalesce('"' || a.approval_id || '"', 'null'),
    ',"at":"', to_char(a.occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), '","door":', to_json(a.door),
    ',"epoch":', a.epoch, ',"err":', coalesce(to_json(a.error_code)::text, 'null'), ',"id":"', a.id, '","k":"action","mfa":', a.mfa::text,
    ',"ms":', a.ms, ',"n":', a.record_count, ',"out":', to_json(a.outcome), ',"recs":', array_to_json(a.record_ids),
    ',"req":"', a.request_id, '","res":', to_json(a.resource), ',"reverts":', coalesce('"' || a.reverts || '"', 'null'),
    ',"roles":', array_to_json(a.actor_roles), ',"sess":', coalesce('"' || encode(a.session_hash, 'hex') || '"', 'null'),
    ',"ticket":', coalesce('"' || a.ticket_id || '"', 'null'), ',"txid":"', a.txid,
    '","v":1,"value":"', encode(a.value_commit, 'hex'), '"}')
  FROM audit."action" AS a
UNION ALL
SELECT c.epoch, c.txid, 3::smallint, c.id, c.occurred_at, concat(
    '{"at":"', to_char(c.occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), '","body":', to_json(c.body),
    ',"epoch":', c.epoch, ',"id":"', c.id, '","k":"control","txid":"', c.txid, '","type":', to_json(c.type), ',"v":1}')
  FROM audit.control AS c;

CREATE FUNCTION audit.begin_sealing(OUT from_size bigint, OUT frontier bytea[], OUT epoch integer, OUT low xid8, OUT high xid8, OUT is_foreign boolean)
  LANGUAGE plpgsql VOLATILE SET search_path = audit, pg_catalog
AS $$
-- One sealer at a time, and where it goes on. `low` and `high` bound the transactions that may be sealed: from the last watermark
-- to the oldest transaction that is still open. `is_foreign`: these xids are not those of the epoch.
DECLARE
  installed bigint;
BEGIN
  -- Under a snapshot from before the lock, the last checkpoint could be an older one.
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'sealing needs READ COMMITTED' USING ERRCODE = 'AU011';
  END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended('audit.seal', 0));
  IF EXISTS (SELECT FROM audit.seal_batch) THEN
    RAISE EXCEPTION 'the batch before has no checkpoint yet' USING ERRCODE = 'AU011';
  END IF;
  SELECT c.size, c.frontier INTO from_size, frontier FROM audit.checkpoint AS c ORDER BY c.size DESC LIMIT 1;
  from_size := coalesce(from_size, 0);
  IF from_size <> (SELECT coalesce(max(l.seq) + 1, 0) FROM audit.leaf AS l) THEN
    RAISE EXCEPTION 'the last checkpoint covers % leaves, and there are %', from_size, (SELECT coalesce(max(l.seq) + 1, 0) FROM audit.leaf AS l)
      USING ERRCODE = 'AU011', HINT = 'Leaves or checkpoints were removed: run audit:verify before anything else.';
  END IF;
  SELECT e.epoch, e.system_identifier INTO epoch, installed FROM audit.epoch AS e ORDER BY e.epoch DESC LIMIT 1;
  low := coalesce((SELECT c.watermark FROM audit.checkpoint AS c WHERE c.size = from_size AND c.epoch = begin_sealing.epoch), '0');
  high := pg_snapshot_xmin(pg_current_snapshot());
  is_foreign := installed <> (SELECT s.system_identifier FROM pg_control_system() AS s) OR pg_snapshot_xmax(pg_current_snapshot()) < low;
END
$$;

CREATE FUNCTION audit.batch_end(batch integer, in_epoch integer, low xid8, high xid8) RETURNS xid8
  LANGUAGE plpgsql VOLATILE SET search_path = audit, pg_catalog
AS $$
-- The first transaction that no longer belongs to the batch: `high` where all fit, else the one that would be split, else, where
-- the very first alone is too large, the one after it.
DECLARE
  first_txid xid8;
  next_txid xid8;
BEGIN
  SELECT min(r.txid), max(r.txid) FILTER (WHERE r.position = batch + 1) INTO first_txid, next_txid
    FROM (SELECT t.txid, row_number() OVER (ORDER BY t.txid) AS position FROM (
           (SELECT e.txid FROM audit.event AS e WHERE e.epoch = in_epoch AND e.txid >= low AND e.txid < high ORDER BY e.txid LIMIT batch + 1)
           UNION ALL
           (SELECT a.txid FROM audit."action" AS a WHERE a.epoch = in_epoch AND a.txid >= low AND a.txid < high ORDER BY a.txid LIMIT batch + 1)
           UNION ALL
           (SELECT c.txid FROM audit.control AS c WHERE c.epoch = in_epoch AND c.txid >= low AND c.txid < high ORDER BY c.txid LIMIT batch + 1)
         ) AS t) AS r;
  RETURN CASE WHEN next_txid IS NULL THEN high WHEN next_txid = first_txid THEN (first_txid::text::numeric + 1)::text::xid8 ELSE next_txid END;
END
$$;

CREATE FUNCTION audit.append_leaves(batch integer, OUT from_size bigint, OUT to_size bigint, OUT epoch integer, OUT watermark xid8,
                                    OUT at text, OUT frontier bytea[], OUT leaves bytea)
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = audit, pg_catalog
AS $$
-- Writes the leaves of the next transactions, whole ones, about `batch` rows; the transaction must go on to append_checkpoint.
-- Nothing to seal: to_size = from_size. `frontier` is that of from_size, `leaves` the new ones in order, 32 bytes each.
DECLARE
  start record;
  bound xid8;
  last_txid xid8;
  moment timestamptz;
BEGIN
  IF batch < 1 OR batch > 1000000 THEN
    RAISE EXCEPTION 'a batch has 1 to 1000000 rows' USING ERRCODE = '22023';
  END IF;
  SELECT * INTO start FROM audit.begin_sealing();
  IF start.is_foreign THEN
    RAISE EXCEPTION 'epoch_required' USING ERRCODE = 'AU010',
      HINT = 'The transaction numbers of this database are not those of the epoch: run audit:doctor with --start-epoch.';
  END IF;
  from_size := start.from_size;
  frontier := coalesce(start.frontier, '{}');
  epoch := start.epoch;
  bound := audit.batch_end(batch, start.epoch, start.low, start.high);
  WITH rows AS MATERIALIZED (
    SELECT s.txid, s.kind, s.id, s.occurred_at, sha256('\x00'::bytea || convert_to(s.content, 'UTF8')) AS hash,
           start.from_size - 1 + row_number() OVER (ORDER BY s.txid, s.kind, s.id) AS seq
      FROM audit.leaf_source AS s WHERE s.epoch = start.epoch AND s.txid >= start.low AND s.txid < bound
  ), added AS (
    INSERT INTO audit.leaf (seq, row_id, occurred_at, kind, leaf) SELECT r.seq, r.id, r.occurred_at, r.kind, r.hash FROM rows AS r
  )
  SELECT start.from_size + count(*), max(r.txid), coalesce(string_agg(r.hash, ''::bytea ORDER BY r.seq), '') INTO to_size, last_txid, leaves FROM rows AS r;
  watermark := CASE WHEN bound = start.high THEN bound ELSE (last_txid::text::numeric + 1)::text::xid8 END;
  moment := clock_timestamp();
  at := to_char(moment AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');
  IF to_size > from_size THEN
    INSERT INTO audit.seal_batch (from_size, to_size, at, watermark, epoch) VALUES (from_size, to_size, moment, watermark, epoch);
  END IF;
END
$$;

CREATE FUNCTION audit.append_checkpoint(sealed_size bigint, new_root bytea, new_frontier bytea[], signing_key text, signature bytea) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = audit, pg_catalog
AS $$
-- Ends the batch of append_leaves or start_epoch in the same transaction. Epoch, watermark and time are those of the batch; whether
-- root and frontier are those of the leaves, the verifier finds out.
DECLARE
  batch record;
  folded bytea := sha256('');
BEGIN
  DELETE FROM audit.seal_batch RETURNING * INTO batch;
  IF batch IS NULL OR batch.to_size <> sealed_size THEN
    RAISE EXCEPTION 'no batch ends at %', sealed_size USING ERRCODE = 'AU011';
  END IF;
  IF cardinality(new_frontier) <> bit_count(sealed_size::bit(64)) OR EXISTS (SELECT FROM unnest(new_frontier) AS f (root) WHERE octet_length(f.root) <> 32) THEN
    RAISE EXCEPTION 'no frontier of % leaves', sealed_size USING ERRCODE = 'AU011';
  END IF;
  FOR i IN REVERSE cardinality(new_frontier)..1 LOOP
    folded := CASE WHEN i = cardinality(new_frontier) THEN new_frontier[i] ELSE sha256('\x01'::bytea || new_frontier[i] || folded) END;
  END LOOP;
  IF folded IS DISTINCT FROM new_root OR signing_key !~ '^[0-9a-f]{16}$' OR octet_length(signature) <> 64 THEN
    RAISE EXCEPTION 'root, key or signature of the checkpoint of % are not such', sealed_size USING ERRCODE = 'AU011';
  END IF;
  INSERT INTO audit.checkpoint (size, at, epoch, watermark, root, frontier, key_id, sig)
  VALUES (sealed_size, batch.at, batch.epoch, batch.watermark, new_root, new_frontier, signing_key, signature);
END
$$;

CREATE FUNCTION audit.mark_anchored(anchored_size bigint, target_name text, reference text) RETURNS boolean
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = audit, pg_catalog
AS $$
-- Notes that a checkpoint was copied to a target. False where it was noted before.
BEGIN
  IF NOT EXISTS (SELECT FROM audit.checkpoint AS c WHERE c.size = anchored_size) OR target_name = '' THEN
    RAISE EXCEPTION 'no checkpoint of % leaves', anchored_size USING ERRCODE = 'AU011';
  END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended('audit.mark_anchored', 0));
  IF EXISTS (SELECT FROM audit.anchor AS n WHERE n.checkpoint_size = anchored_size AND n.target = target_name) THEN
    RETURN false;
  END IF;
  INSERT INTO audit.anchor (checkpoint_size, target, ref) VALUES (anchored_size, target_name, reference);
  RETURN true;
END
$$;

CREATE FUNCTION audit.start_epoch(why text, OUT new_epoch integer, OUT from_size bigint, OUT to_size bigint, OUT epoch integer, OUT watermark xid8,
                                  OUT at text, OUT frontier bytea[], OUT leaves bytea)
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = audit, pg_catalog
AS $$
-- After the transaction numbers changed (logical restore, major upgrade): writes the leaves of all rows that have none, by id, since
-- their numbers mean nothing any more, then opens the next epoch and says so in a control row. Writers wait until the caller
-- commits: one that went on would write rows of the closed epoch. With rows left over, append_checkpoint must follow.
DECLARE
  start record;
  moment timestamptz;
BEGIN
  IF why IS NULL OR length(btrim(why)) < 10 THEN
    RAISE EXCEPTION 'a new epoch needs a reason of 10 characters' USING ERRCODE = '22023';
  END IF;
  SELECT * INTO start FROM audit.begin_sealing();
  LOCK TABLE audit.event, audit."action", audit.control IN SHARE MODE;
  from_size := start.from_size;
  frontier := coalesce(start.frontier, '{}');
  epoch := start.epoch;
  watermark := start.low;
  WITH rows AS MATERIALIZED (
    SELECT s.kind, s.id, s.occurred_at, sha256('\x00'::bytea || convert_to(s.content, 'UTF8')) AS hash,
           start.from_size - 1 + row_number() OVER (ORDER BY s.id) AS seq
      FROM audit.leaf_source AS s WHERE NOT EXISTS (SELECT FROM audit.leaf AS l WHERE l.row_id = s.id)
  ), added AS (
    INSERT INTO audit.leaf (seq, row_id, occurred_at, kind, leaf) SELECT r.seq, r.id, r.occurred_at, r.kind, r.hash FROM rows AS r
  )
  SELECT start.from_size + count(*), coalesce(string_agg(r.hash, ''::bytea ORDER BY r.seq), '') INTO to_size, leaves FROM rows AS r;
  moment := clock_timestamp();
  at := to_char(moment AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');
  IF to_size > from_size THEN
    INSERT INTO audit.seal_batch (from_size, to_size, at, watermark, epoch) VALUES (from_size, to_size, moment, watermark, epoch);
  END IF;
  new_epoch := start.epoch + 1;
  INSERT INTO audit.epoch (epoch, system_identifier, reason) SELECT new_epoch, s.system_identifier, btrim(why) FROM pg_control_system() AS s;
  PERFORM audit.record_control('epoch', audit.canonical(jsonb_build_object(
    'by', session_user, 'epoch', new_epoch::text, 'reason', btrim(why), 'remaining', (to_size - from_size)::text,
    'systemIdentifier', (SELECT s.system_identifier::text FROM pg_control_system() AS s))));
END
$$;

REVOKE ALL ON FUNCTION audit.refuse_open_batch(), audit.begin_sealing(), audit.batch_end(integer, integer, xid8, xid8), audit.append_leaves(integer),
  audit.append_checkpoint(bigint, bytea, bytea[], text, bytea), audit.mark_anchored(bigint, text, text), audit.start_epoch(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit.append_leaves(integer), audit.append_checkpoint(bigint, bytea, bytea[], text, bytea),
  audit.mark_anchored(bigint, text, text), audit.start_epoch(text) TO app_worker;

RESET ROLE;
