-- Settings that staff change while the service runs, and webhooks as they are sent (product.md 3.6, F104, F111).
SET lock_timeout = '5s';
SET statement_timeout = '60s';
SET ROLE migrator;

-- One row for each setting that was ever changed; what has none is as the code says.
CREATE TABLE platform.setting (
    id UUID NOT NULL DEFAULT uuidv7(),
    created_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    version INTEGER NOT NULL DEFAULT 1,
    name VARCHAR(60) NOT NULL,
    value JSONB NOT NULL,
    changed_by UUID,

    CONSTRAINT setting_pkey PRIMARY KEY (id),
    CONSTRAINT setting_name_check CHECK (name ~ '^[a-z][a-z0-9_]{1,59}$'),
    CONSTRAINT setting_value_check CHECK (jsonb_typeof(value) = 'object')
);
-- squawk-ignore require-concurrent-index-creation
CREATE UNIQUE INDEX setting_name_key ON platform.setting(name);

GRANT SELECT, INSERT, UPDATE ON platform.setting TO app_web, app_worker;

-- Nothing wrote to the two tables of webhooks before this migration.
ALTER TABLE notifications.webhook_endpoint
  -- squawk-ignore adding-required-field
  ADD COLUMN name VARCHAR(80) NOT NULL,
  -- squawk-ignore adding-required-field
  ADD COLUMN wrapped_row_key BYTEA NOT NULL,
  -- squawk-ignore adding-required-field
  ADD COLUMN kek_kid VARCHAR(16) NOT NULL,
  ADD COLUMN previous_secret_enc BYTEA,
  ADD COLUMN previous_until TIMESTAMPTZ(6),
  ADD COLUMN paused_at TIMESTAMPTZ(6),
  ADD COLUMN paused_because VARCHAR(20),
  -- squawk-ignore constraint-missing-not-valid
  ADD CONSTRAINT webhook_endpoint_name_check CHECK (name <> ''),
  -- squawk-ignore constraint-missing-not-valid
  ADD CONSTRAINT webhook_endpoint_events_check CHECK (cardinality(events) > 0),
  -- squawk-ignore constraint-missing-not-valid
  ADD CONSTRAINT webhook_endpoint_previous_check CHECK ((previous_secret_enc IS NULL) = (previous_until IS NULL)),
  -- squawk-ignore constraint-missing-not-valid
  ADD CONSTRAINT webhook_endpoint_paused_check CHECK (is_active = (paused_at IS NULL) AND (paused_at IS NULL) = (paused_because IS NULL)),
  -- squawk-ignore constraint-missing-not-valid
  ADD CONSTRAINT webhook_endpoint_because_check CHECK (paused_because IN ('staff', 'failing', 'gone'));
-- One endpoint for each address: a form that is sent twice makes one.
-- squawk-ignore require-concurrent-index-creation
CREATE UNIQUE INDEX webhook_endpoint_url_key ON notifications.webhook_endpoint(url);

-- One row for one event and endpoint; `tries` tells of each call, `lease_until` who is calling now.
ALTER TABLE notifications.webhook_attempt
  -- squawk-ignore adding-required-field
  ADD COLUMN event_name VARCHAR(80) NOT NULL,
  ADD COLUMN error_code VARCHAR(60),
  ADD COLUMN last_at TIMESTAMPTZ(6),
  ADD COLUMN lease_until TIMESTAMPTZ(6),
  ADD COLUMN tries JSONB NOT NULL DEFAULT '[]',
  -- squawk-ignore constraint-missing-not-valid
  ADD CONSTRAINT webhook_attempt_tries_check CHECK (jsonb_typeof(tries) = 'array'),
  -- squawk-ignore constraint-missing-not-valid
  ADD CONSTRAINT webhook_attempt_next_check CHECK (status = 'queued' OR next_at IS NULL);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX webhook_attempt_endpoint_id_created_at_idx ON notifications.webhook_attempt(endpoint_id, created_at DESC);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX webhook_attempt_created_at_idx ON notifications.webhook_attempt(created_at);

RESET ROLE;
SET ROLE audit_owner;
INSERT INTO audit.policy (tbl, field, mode, snapshot, subject_column, pk_columns) VALUES
  ('platform.setting', '*', 'audit', false, NULL, '{id}');
INSERT INTO audit.policy (tbl, field, mode, why) VALUES
  ('platform.setting', 'updated_at', 'ignore', 'stamp of the row itself'),
  ('platform.setting', 'version', 'ignore', 'stamp of the row itself');
-- Only the name of these shows up in `changed`; what they held is stored nowhere else.
INSERT INTO audit.policy (tbl, field, mode) VALUES
  ('notifications.webhook_endpoint', 'previous_secret_enc', 'secret'),
  ('notifications.webhook_endpoint', 'wrapped_row_key', 'secret');
RESET ROLE;
SET ROLE migrator;

SELECT audit.enable_table('platform.setting'::regclass), audit.enable_table('notifications.webhook_endpoint'::regclass);

RESET ROLE;
