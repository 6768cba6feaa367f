-- Which items of the identity check a caller passed with which colleague (product.md 6.1). Never an answer. Serves 15 minutes.
SET lock_timeout = '5s';
SET statement_timeout = '60s';
SET ROLE migrator;

CREATE TABLE identity.caller_check (
    id UUID NOT NULL DEFAULT uuidv7(),
    created_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    user_id UUID NOT NULL,
    staff_user_id UUID NOT NULL,
    items TEXT[] NOT NULL,
    expires_at TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT caller_check_pkey PRIMARY KEY (id),
    CONSTRAINT caller_check_items_check CHECK (
      cardinality(items) >= 2 AND items <@ ARRAY['member_id', 'name', 'last_order_month', 'country', 'recent_device']::text[]),
    CONSTRAINT caller_check_expires_check CHECK (expires_at > created_at)
);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX caller_check_user_id_staff_user_id_created_at_idx ON identity.caller_check(user_id, staff_user_id, created_at DESC);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX caller_check_expires_at_idx ON identity.caller_check(expires_at);

GRANT SELECT, INSERT, DELETE ON identity.caller_check TO app_web, app_worker;

RESET ROLE;
SET ROLE audit_owner;
INSERT INTO audit.policy (tbl, field, mode, why) VALUES
  ('identity.caller_check', '*', 'ignore', 'serves 15 minutes; the check and each action that uses it are recorded as actions with their items');
RESET ROLE;
