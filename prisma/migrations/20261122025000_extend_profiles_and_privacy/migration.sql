-- What the account API asks of profiles and of the data rights (auth-api.md 2.6, P19, P20).
SET lock_timeout = '5s';
SET statement_timeout = '60s';
SET ROLE migrator;

ALTER TABLE identity.client ADD COLUMN body_type VARCHAR(60);
ALTER TABLE identity.client ADD COLUMN occasion_preferences JSONB NOT NULL DEFAULT '[]';
-- One free text, as the owner wrote it; the structured addresses of client_address are never filled from it.
ALTER TABLE identity.client ADD COLUMN default_address_enc BYTEA;
SELECT audit.enable_table('identity.client'::regclass);

-- The file of an export, sealed under the data key of the person it is about.
CREATE TABLE support.privacy_export (
    request_id UUID NOT NULL,
    box BYTEA,
    sha256 BYTEA NOT NULL,
    bytes INTEGER NOT NULL,
    ready_at TIMESTAMPTZ(6) NOT NULL,
    expires_at TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT privacy_export_pkey PRIMARY KEY (request_id),
    CONSTRAINT privacy_export_hash_check CHECK (octet_length(sha256) = 32),
    CONSTRAINT privacy_export_bytes_check CHECK (bytes > 0),
    CONSTRAINT privacy_export_life_check CHECK (expires_at > ready_at),
    CONSTRAINT privacy_export_request_id_fkey FOREIGN KEY (request_id) REFERENCES support.privacy_request(id) ON DELETE CASCADE ON UPDATE CASCADE
);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX privacy_export_expires_at_idx ON support.privacy_export(expires_at);

-- Every SMS that was to go out, for the spend rules and their figures. Seven digits are a range of ten thousand numbers or more.
CREATE TABLE notifications.sms_attempt (
    id UUID NOT NULL DEFAULT uuidv7(),
    at TIMESTAMPTZ(6) NOT NULL,
    country CHAR(2) NOT NULL,
    prefix VARCHAR(7) NOT NULL,
    template VARCHAR(60) NOT NULL,
    flow_id UUID,
    blocked_by VARCHAR(20),
    cost_micros BIGINT NOT NULL,

    CONSTRAINT sms_attempt_pkey PRIMARY KEY (id),
    CONSTRAINT sms_attempt_country_check CHECK (country ~ '^[A-Z]{2}$'),
    CONSTRAINT sms_attempt_prefix_check CHECK (prefix ~ '^[0-9]{1,7}$'),
    CONSTRAINT sms_attempt_rule_check CHECK (blocked_by IN ('country_budget', 'prefix_rate', 'prefix_paused')),
    CONSTRAINT sms_attempt_cost_check CHECK (cost_micros >= 0)
);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX sms_attempt_country_at_idx ON notifications.sms_attempt(country, at DESC);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX sms_attempt_prefix_at_idx ON notifications.sms_attempt(prefix, at DESC);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX sms_attempt_at_idx ON notifications.sms_attempt(at);

-- Rules that hold at the moment: whom the operators were told of, and until when.
CREATE TABLE notifications.sms_alarm (
    id UUID NOT NULL DEFAULT uuidv7(),
    rule VARCHAR(20) NOT NULL,
    scope VARCHAR(7) NOT NULL,
    started_at TIMESTAMPTZ(6) NOT NULL,
    until TIMESTAMPTZ(6) NOT NULL,
    sent INTEGER NOT NULL,
    verified INTEGER,

    CONSTRAINT sms_alarm_pkey PRIMARY KEY (id),
    CONSTRAINT sms_alarm_rule_check CHECK (rule IN ('country_budget', 'prefix_rate', 'prefix_paused')),
    CONSTRAINT sms_alarm_life_check CHECK (until > started_at)
);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX sms_alarm_rule_scope_until_idx ON notifications.sms_alarm(rule, scope, until DESC);

GRANT SELECT, INSERT, UPDATE, DELETE ON support.privacy_export, notifications.sms_attempt, notifications.sms_alarm TO app_web, app_worker;

RESET ROLE;
SET ROLE audit_owner;
INSERT INTO audit.policy (tbl, field, mode, why) VALUES
  ('support.privacy_export', '*', 'ignore', 'a sealed copy that lives a day; its request is audited, and asking, making and fetching are actions'),
  ('notifications.sms_attempt', '*', 'ignore', 'counts of messages by range of numbers; each message has its audited delivery row'),
  ('notifications.sms_alarm', '*', 'ignore', 'derived from the counts; each alarm is an event of the outbox');

-- What others did to a person, found by that person: the security events of the owner. Refreshes, the bulk of it, stay out.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX action_on_others_idx ON audit."action" USING GIN (record_ids)
 WHERE actor_type NOT IN ('client', 'vendor') AND outcome <> 'read' AND ("action" <> 'refresh-session' OR outcome <> 'ok');
RESET ROLE;
