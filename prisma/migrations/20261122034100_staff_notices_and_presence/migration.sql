-- The inbox of staff, what each of them wants to be told where, and who is looking at a record right now.
SET lock_timeout = '5s';
SET statement_timeout = '60s';
SET ROLE migrator;

-- The bell asks for it every half minute.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX staff_notice_unread_idx ON notifications.staff_notice (staff_user_id) WHERE read_at IS NULL;
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX staff_notice_created_at_idx ON notifications.staff_notice (created_at);

-- A missing row means: as the kind is by itself.
CREATE TABLE notifications.notice_preference (
    staff_user_id UUID NOT NULL,
    kind VARCHAR(60) NOT NULL,
    in_app BOOLEAN NOT NULL,
    email BOOLEAN NOT NULL,
    updated_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT notice_preference_pkey PRIMARY KEY (staff_user_id, kind)
);

-- Whoever has a record open says so every few seconds; a row that was not renewed for 45 seconds says nothing any more.
CREATE TABLE platform.presence (
    resource VARCHAR(60) NOT NULL,
    record_id VARCHAR(100) NOT NULL,
    staff_user_id UUID NOT NULL,
    since TIMESTAMPTZ(6) NOT NULL,
    seen_at TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT presence_pkey PRIMARY KEY (resource, record_id, staff_user_id)
);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX presence_seen_at_idx ON platform.presence (seen_at);

GRANT SELECT, INSERT, UPDATE, DELETE ON notifications.notice_preference, platform.presence TO app_web, app_worker;

-- Single keys such as "/" and "?" may be switched off (WCAG 2.1.4).
ALTER TABLE identity.staff_profile ADD COLUMN letter_shortcuts BOOLEAN NOT NULL DEFAULT true;

RESET ROLE;
SET ROLE audit_owner;
INSERT INTO audit.policy (tbl, field, mode, why) VALUES
  ('notifications.notice_preference', '*', 'ignore', 'where a person wants to be told; each change is recorded as an action'),
  ('platform.presence', '*', 'ignore', 'who has a record open; renewed every few seconds and gone a minute later');
RESET ROLE;
SET ROLE migrator;

SELECT audit.enable_table('identity.staff_profile'::regclass);

RESET ROLE;
