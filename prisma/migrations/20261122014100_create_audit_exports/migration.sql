-- Exports of the history that somebody asked for, and their files until they are fetched (docs/adr/0016-search-is-a-table-of-its-own.md).
-- That an export was asked for, made and fetched is part of the history by its action rows; these tables are only its workshop.
SET lock_timeout = '5s';
SET statement_timeout = '60s';
SET ROLE audit_owner;

-- `filter` names what was asked for, until it ends also what was typed; `action_id` is the action that asked. The files are sealed under a data key of their own,
-- which is destroyed with them: backups keep nothing that opens.
CREATE TABLE audit.export (
    id UUID NOT NULL DEFAULT uuidv7(),
    asked_at TIMESTAMPTZ(6) NOT NULL DEFAULT clock_timestamp(),
    begun_at TIMESTAMPTZ(6),
    finished_at TIMESTAMPTZ(6),
    expires_at TIMESTAMPTZ(6),
    fetched_at TIMESTAMPTZ(6),
    actor_id UUID NOT NULL,
    action_id UUID NOT NULL,
    rows_wanted INTEGER NOT NULL,
    rows_done INTEGER NOT NULL DEFAULT 0,
    unsealed INTEGER NOT NULL DEFAULT 0,
    row_cap INTEGER NOT NULL,
    bytes BIGINT,
    status TEXT NOT NULL DEFAULT 'waiting',
    format TEXT NOT NULL,
    actor_name TEXT NOT NULL,
    error_code TEXT,
    kek_kid TEXT,
    wrapped_key BYTEA,
    sha256 BYTEA,
    filter JSONB NOT NULL,

    CONSTRAINT export_pkey PRIMARY KEY (id),
    CONSTRAINT export_status_check CHECK (status IN ('waiting', 'running', 'ready', 'fetched', 'expired', 'failed')),
    CONSTRAINT export_format_check CHECK (format IN ('ndjson', 'csv')),
    CONSTRAINT export_key_check CHECK (status <> 'ready' OR wrapped_key IS NOT NULL)
);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX export_actor_id_asked_at_idx ON audit.export(actor_id, asked_at DESC);

CREATE TABLE audit.export_part (
    export_id UUID NOT NULL,
    position INTEGER NOT NULL,
    box BYTEA NOT NULL,

    CONSTRAINT export_part_pkey PRIMARY KEY (export_id,position)
);
REVOKE ALL ON audit.export, audit.export_part FROM PUBLIC;
GRANT SELECT ON audit.export TO app_web, app_worker, audit_reader;

CREATE FUNCTION audit.ask_export(payload jsonb) RETURNS uuid
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = audit, pg_catalog
AS $$
  INSERT INTO audit.export (actor_id, action_id, actor_name, format, filter, rows_wanted, unsealed, row_cap)
  SELECT (payload ->> 'actorId')::uuid, (payload ->> 'actionId')::uuid, payload ->> 'actorName', payload ->> 'format', payload -> 'filter',
         (payload ->> 'rows')::integer, (payload ->> 'unsealed')::integer, (payload ->> 'rowCap')::integer
  RETURNING id
$$;

CREATE FUNCTION audit.drop_export_files(which uuid) RETURNS void
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = audit, pg_catalog
AS $$
  DELETE FROM audit.export_part WHERE export_id = which
$$;

CREATE FUNCTION audit.begin_export(which uuid, key_id text, key bytea) RETURNS boolean
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = audit, pg_catalog
AS $$
-- False where it is finished already. An attempt after one that died begins with no parts and a new key.
BEGIN
  UPDATE audit.export SET status = 'running', begun_at = clock_timestamp(), rows_done = 0, kek_kid = key_id, wrapped_key = key, error_code = NULL
   WHERE id = which AND status IN ('waiting', 'running', 'failed');
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  PERFORM audit.drop_export_files(which);
  RETURN true;
END
$$;

CREATE FUNCTION audit.put_export_part(which uuid, place integer, content bytea) RETURNS void
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = audit, pg_catalog
AS $$
  INSERT INTO audit.export_part (export_id, position, box) VALUES (which, place, content)
$$;

CREATE FUNCTION audit.move_export(which uuid, done integer, wanted integer) RETURNS void
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = audit, pg_catalog
AS $$
  UPDATE audit.export SET rows_done = done, rows_wanted = wanted WHERE id = which AND status = 'running'
$$;

CREATE FUNCTION audit.finish_export(which uuid, digest bytea, total bigint, left_out integer, until timestamptz) RETURNS boolean
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = audit, pg_catalog
AS $$
-- False where a person was erased while it was made: the file may hold what is to be gone, and is to be made again.
BEGIN
  UPDATE audit.export AS e SET status = 'ready', finished_at = clock_timestamp(), expires_at = until, sha256 = digest, bytes = total,
         unsealed = left_out, rows_done = e.rows_wanted
   WHERE e.id = which AND e.status = 'running'
     AND NOT EXISTS (SELECT FROM audit.erasure_run AS r WHERE r.finished_at IS NULL OR r.finished_at > e.begun_at);
  RETURN FOUND;
END
$$;

CREATE FUNCTION audit.fail_export(which uuid, code text) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = audit, pg_catalog
AS $$
BEGIN
  UPDATE audit.export SET status = 'failed', finished_at = clock_timestamp(), error_code = code, wrapped_key = NULL
   WHERE id = which AND status IN ('waiting', 'running');
  IF FOUND THEN
    PERFORM audit.drop_export_files(which);
  END IF;
END
$$;

CREATE FUNCTION audit.fetch_export(which uuid, person uuid, moment timestamptz) RETURNS boolean
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = audit, pg_catalog
AS $$
-- Once, by whoever asked for it, before it expires: of two calls at the same time one gets false.
BEGIN
  UPDATE audit.export SET status = 'fetched', fetched_at = moment
   WHERE id = which AND actor_id = person AND status = 'ready' AND expires_at > moment;
  RETURN FOUND;
END
$$;

CREATE FUNCTION audit.read_export_part(which uuid, place integer) RETURNS bytea
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = audit, pg_catalog
AS $$
  -- Only while it is being fetched.
  SELECT p.box FROM audit.export_part AS p JOIN audit.export AS e ON e.id = p.export_id AND e.status = 'fetched'
   WHERE p.export_id = which AND p.position = place
$$;

CREATE FUNCTION audit.close_export(which uuid) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = audit, pg_catalog
AS $$
-- After the last byte has left: nothing of it is kept.
BEGIN
  UPDATE audit.export SET wrapped_key = NULL, filter = filter - 'text' WHERE id = which AND status = 'fetched';
  IF FOUND THEN
    PERFORM audit.drop_export_files(which);
  END IF;
END
$$;

CREATE FUNCTION audit.forget_exports(moment timestamptz, everything boolean) RETURNS integer
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = audit, pg_catalog
AS $$
-- Ends what has expired, and destroys the files and keys of all that are fetched, expired or failed. `everything` also ends what
-- is running or ready: a person was erased, and a file made before may hold what is to be gone.
DECLARE
  ended integer;
BEGIN
  UPDATE audit.export SET status = 'expired', finished_at = coalesce(finished_at, moment)
   WHERE (status = 'ready' AND (everything OR expires_at <= moment)) OR (status = 'running' AND everything);
  GET DIAGNOSTICS ended = ROW_COUNT;
  -- An hour is more than the longest download takes.
  DELETE FROM audit.export_part AS p USING audit.export AS e
   WHERE e.id = p.export_id AND (e.status IN ('expired', 'failed') OR (e.status = 'fetched' AND (everything OR e.fetched_at < moment - interval '1 hour')));
  UPDATE audit.export AS e SET wrapped_key = NULL, filter = e.filter - 'text'
   WHERE e.wrapped_key IS NOT NULL AND (e.status IN ('expired', 'failed')
         OR (e.status = 'fetched' AND NOT EXISTS (SELECT FROM audit.export_part AS p WHERE p.export_id = e.id)));
  RETURN ended;
END
$$;

REVOKE ALL ON FUNCTION audit.ask_export(jsonb), audit.drop_export_files(uuid), audit.begin_export(uuid, text, bytea),
  audit.put_export_part(uuid, integer, bytea), audit.move_export(uuid, integer, integer),
  audit.finish_export(uuid, bytea, bigint, integer, timestamptz), audit.fail_export(uuid, text), audit.fetch_export(uuid, uuid, timestamptz),
  audit.read_export_part(uuid, integer), audit.close_export(uuid), audit.forget_exports(timestamptz, boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit.ask_export(jsonb), audit.fetch_export(uuid, uuid, timestamptz), audit.read_export_part(uuid, integer),
  audit.close_export(uuid) TO app_web;
GRANT EXECUTE ON FUNCTION audit.begin_export(uuid, text, bytea), audit.put_export_part(uuid, integer, bytea),
  audit.move_export(uuid, integer, integer), audit.finish_export(uuid, bytea, bigint, integer, timestamptz), audit.fail_export(uuid, text),
  audit.forget_exports(timestamptz, boolean) TO app_worker;

RESET ROLE;
