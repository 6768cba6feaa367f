-- What the views of a record's history need besides what the web role may read already (docs/adr/0017-history-views.md).
SET lock_timeout = '5s';
SET statement_timeout = '10min';
SET ROLE audit_owner;

-- ---------------------------------------------------------------- stored rows

CREATE FUNCTION audit.read_snapshots(ids uuid[], moments timestamptz[]) RETURNS TABLE (row_id uuid, body text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = audit, pg_catalog
AS $$
  -- Pictures of rows by the events they belong to; an erased one is absent. Who may see them is checked by the caller, who
  -- also records the read. Each is one look into the key of one partition.
  SELECT s.row_id, s.body
    FROM unnest(ids, moments) AS wanted (id, moment)
    JOIN audit.snapshot AS s ON s.occurred_at = wanted.moment AND s.row_id = wanted.id
$$;

CREATE FUNCTION audit.read_commitments(ids uuid[], moments timestamptz[])
  RETURNS TABLE (row_id uuid, value_salt bytea, value_body text, snapshot_salt bytea, snapshot_body text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = audit, pg_catalog
AS $$
  -- What a proof needs to recompute the commitments of a row: salt and exact text of its value and of its snapshot.
  SELECT wanted.id, v.salt, v.body, s.salt, s.body
    FROM unnest(ids, moments) AS wanted (id, moment)
    LEFT JOIN audit.value AS v ON v.occurred_at = wanted.moment AND v.row_id = wanted.id
    LEFT JOIN audit.snapshot AS s ON s.occurred_at = wanted.moment AND s.row_id = wanted.id
$$;

-- ---------------------------------------------------------------- actions of one record

-- Reads, refusals and commands that changed nothing leave no event: the timeline finds them by the record they were aimed at.
-- Lists of many records are no news of any one of them. An ordinary index, since GIN would slow every insert.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX action_one_record_idx ON audit."action" ((record_ids[1]), occurred_at DESC, id DESC) WHERE record_count = 1;

-- ---------------------------------------------------------------- nodes of the tree

-- Roots of whole aligned subtrees: of 2^10 and of 2^20 leaves. They only save time: every proof is checked against the signed
-- root before it is shown, so a wrong one is found out and gives no wrong proof.
CREATE TABLE audit.tree_node (
    position BIGINT NOT NULL,
    level SMALLINT NOT NULL,
    hash BYTEA NOT NULL,

    CONSTRAINT tree_node_pkey PRIMARY KEY (level, position),
    CONSTRAINT tree_node_level_check CHECK (level IN (10, 20)),
    CONSTRAINT tree_node_position_check CHECK (position >= 0),
    CONSTRAINT tree_node_hash_check CHECK (octet_length(hash) = 32)
);
SELECT audit.guard_table('audit.tree_node', false);
REVOKE ALL ON audit.tree_node FROM PUBLIC;
GRANT SELECT ON audit.tree_node TO app_web, app_worker, audit_reader;

CREATE FUNCTION audit.fold_nodes(hashes bytea[]) RETURNS bytea
  LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = audit, pg_catalog
AS $$
-- The root over a power of two of hashes: RFC 9162, node = SHA-256(0x01 || left || right).
BEGIN
  WHILE cardinality(hashes) > 1 LOOP
    SELECT array_agg(sha256('\x01'::bytea || pair.left_hash || pair.right_hash) ORDER BY pair.place) INTO hashes
      FROM (SELECT u.hash AS left_hash, lead(u.hash) OVER (ORDER BY u.place) AS right_hash, u.place
              FROM unnest(hashes) WITH ORDINALITY AS u (hash, place)) AS pair
     WHERE pair.place % 2 = 1;
  END LOOP;
  RETURN hashes[1];
END
$$;

CREATE FUNCTION audit.fold_tree(most integer) RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = audit, pg_catalog
AS $$
-- Adds the missing roots of whole subtrees below the last checkpoint, `most` of 1,024 leaves at a time. Computed here from the
-- leaves: no caller says what a node is. Returns how many; repeating it is harmless.
DECLARE
  sealed bigint := coalesce((SELECT max(c.size) FROM audit.checkpoint AS c), 0);
  place bigint;
  hashes bytea[];
  made integer := 0;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('audit.fold_tree', 0));
  place := coalesce((SELECT max(n.position) + 1 FROM audit.tree_node AS n WHERE n.level = 10), 0);
  WHILE made < most AND (place + 1) * 1024 <= sealed LOOP
    SELECT array_agg(l.leaf ORDER BY l.seq) INTO hashes FROM audit.leaf AS l WHERE l.seq >= place * 1024 AND l.seq < (place + 1) * 1024;
    -- A gap is for verify to report; nodes after it would be wrong.
    EXIT WHEN cardinality(hashes) IS DISTINCT FROM 1024;
    INSERT INTO audit.tree_node (level, position, hash) VALUES (10, place, audit.fold_nodes(hashes));
    IF (place + 1) % 1024 = 0 THEN
      SELECT array_agg(n.hash ORDER BY n.position) INTO hashes FROM audit.tree_node AS n WHERE n.level = 10 AND n.position > place - 1024;
      INSERT INTO audit.tree_node (level, position, hash) VALUES (20, place / 1024, audit.fold_nodes(hashes));
    END IF;
    place := place + 1;
    made := made + 1;
  END LOOP;
  RETURN made;
END
$$;

REVOKE ALL ON FUNCTION audit.read_snapshots(uuid[], timestamptz[]), audit.read_commitments(uuid[], timestamptz[]),
  audit.fold_nodes(bytea[]), audit.fold_tree(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit.read_snapshots(uuid[], timestamptz[]), audit.read_commitments(uuid[], timestamptz[]) TO app_web, app_worker;
GRANT EXECUTE ON FUNCTION audit.fold_tree(integer) TO app_worker;

RESET ROLE;
