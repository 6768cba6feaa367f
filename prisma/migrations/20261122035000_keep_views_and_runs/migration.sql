-- What stands behind the lists of the back office: views that people keep, runs over many rows, exports of a list
-- (docs/adr/0030-lists-belong-to-the-frame.md).
SET lock_timeout = '5s';
SET statement_timeout = '60s';
SET ROLE audit_owner;
INSERT INTO audit.policy (tbl, field, mode, why) VALUES
  ('platform.bulk_run', 'asked_session', 'ignore', 'stands in the action that asked');
RESET ROLE;
SET ROLE migrator;

-- The role that a shared view is shared with; one of its owner's when it was shared.
ALTER TABLE platform.saved_view ADD COLUMN shared_role VARCHAR(20);
ALTER TABLE platform.saved_view ADD CONSTRAINT saved_view_shared_check CHECK (is_shared = (shared_role IS NOT NULL)) NOT VALID;
-- squawk-ignore constraint-missing-not-valid
ALTER TABLE platform.saved_view VALIDATE CONSTRAINT saved_view_shared_check;
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX saved_view_resource_shared_role_idx ON platform.saved_view(resource, shared_role);
SELECT audit.enable_table('platform.saved_view'::regclass);

-- How a person arranges a list: which columns, and which view it opens with.
CREATE TABLE platform.list_preference (
    user_id UUID NOT NULL,
    resource VARCHAR(60) NOT NULL,
    columns TEXT[] NOT NULL DEFAULT '{}',
    default_view_id UUID,
    updated_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT list_preference_pkey PRIMARY KEY (user_id, resource),
    CONSTRAINT list_preference_default_view_id_fkey FOREIGN KEY (default_view_id) REFERENCES platform.saved_view(id) ON DELETE SET NULL ON UPDATE CASCADE
);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX list_preference_default_view_id_idx ON platform.list_preference(default_view_id);

-- `action_id`: the action that asked. `undo_action`: what takes it back, where anything does; `undo_of`: the run this one takes back.
-- `proved_at`: the factor that was given for it. `asked_session`: SHA-256 of the session it was asked in.
ALTER TABLE platform.bulk_run ADD COLUMN action_id UUID;
ALTER TABLE platform.bulk_run ADD COLUMN undo_of UUID;
ALTER TABLE platform.bulk_run ADD COLUMN undo_action VARCHAR(60);
ALTER TABLE platform.bulk_run ADD COLUMN asked_session BYTEA;
ALTER TABLE platform.bulk_run ADD COLUMN proved_at TIMESTAMPTZ(6);
-- A run is taken back once, whatever the number of callers.
-- squawk-ignore require-concurrent-index-creation
CREATE UNIQUE INDEX bulk_run_undo_of_key ON platform.bulk_run(undo_of);
SELECT audit.enable_table('platform.bulk_run'::regclass);

-- `reason`: why a row was refused, in a sentence. `version_after`: of the record once its row was done; taking back asks for it.
ALTER TABLE platform.bulk_row ADD COLUMN reason VARCHAR(300);
ALTER TABLE platform.bulk_row ADD COLUMN version_after INTEGER;

-- Exports of a list that somebody asked for, and their files until they are fetched. That one was asked for, made and fetched is part
-- of the history by its action rows. What was filtered by is sealed like the file: it may name a person.
CREATE TABLE platform.list_export (
    id UUID NOT NULL DEFAULT uuidv7(),
    created_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    begun_at TIMESTAMPTZ(6),
    finished_at TIMESTAMPTZ(6),
    expires_at TIMESTAMPTZ(6),
    fetched_at TIMESTAMPTZ(6),
    actor_id UUID NOT NULL,
    actor_name VARCHAR(200) NOT NULL,
    action_id UUID NOT NULL,
    resource VARCHAR(60) NOT NULL,
    format VARCHAR(10) NOT NULL,
    columns TEXT[] NOT NULL,
    filter_note VARCHAR(2000) NOT NULL,
    query_box BYTEA,
    kek_kid VARCHAR(60),
    wrapped_key BYTEA,
    rows_wanted INTEGER NOT NULL,
    rows_done INTEGER NOT NULL DEFAULT 0,
    row_cap INTEGER NOT NULL,
    bytes INTEGER,
    sha256 BYTEA,
    status VARCHAR(10) NOT NULL DEFAULT 'waiting',
    error_code VARCHAR(60),

    CONSTRAINT list_export_pkey PRIMARY KEY (id),
    CONSTRAINT list_export_status_check CHECK (status IN ('waiting', 'running', 'ready', 'fetched', 'expired', 'failed')),
    CONSTRAINT list_export_format_check CHECK (format IN ('csv', 'jsonl')),
    CONSTRAINT list_export_key_check CHECK (status <> 'ready' OR (wrapped_key IS NOT NULL AND sha256 IS NOT NULL)),
    CONSTRAINT list_export_failed_check CHECK ((status = 'failed') = (error_code IS NOT NULL))
);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX list_export_actor_id_created_at_idx ON platform.list_export(actor_id, created_at DESC);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX list_export_status_expires_at_idx ON platform.list_export(status, expires_at);
-- One at a time per person.
-- squawk-ignore require-concurrent-index-creation
CREATE UNIQUE INDEX list_export_open_key ON platform.list_export(actor_id) WHERE status IN ('waiting', 'running');

CREATE TABLE platform.list_export_part (
    export_id UUID NOT NULL,
    position INTEGER NOT NULL,
    box BYTEA NOT NULL,

    CONSTRAINT list_export_part_pkey PRIMARY KEY (export_id, position),
    CONSTRAINT list_export_part_export_id_fkey FOREIGN KEY (export_id) REFERENCES platform.list_export(id) ON DELETE CASCADE ON UPDATE CASCADE
);

GRANT SELECT, INSERT, UPDATE, DELETE ON platform.list_preference, platform.list_export, platform.list_export_part TO app_web, app_worker;

RESET ROLE;
SET ROLE audit_owner;
INSERT INTO audit.policy (tbl, field, mode, why) VALUES
  ('platform.list_preference', '*', 'ignore', 'how a person arranges their own lists'),
  ('platform.list_export', '*', 'ignore', 'workshop of exports; asking, making and fetching one are recorded as actions with filter, count and hash'),
  ('platform.list_export_part', '*', 'ignore', 'sealed pieces of a file that is fetched once or destroyed');
RESET ROLE;
