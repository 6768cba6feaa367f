-- The request log (audit.md section 12): the caller's network, how many answers a kept row stands for, and what was lost.
SET lock_timeout = '5s';
SET statement_timeout = '60s';
SET ROLE migrator;

-- `ip` is cut or left out as AUDIT_IP_MODE says. `weight` is 1 for what is always kept and 1 / sample rate for sampled reads.
ALTER TABLE platform.api_log
  ADD COLUMN ip INET,
  ADD COLUMN weight REAL NOT NULL DEFAULT 1;
ALTER TABLE platform.api_log ADD CONSTRAINT api_log_weight_check CHECK (weight >= 1) NOT VALID;

-- Bodies are forgotten before their rows are: few rows have one.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX api_log_body_idx ON platform.api_log (occurred_at) WHERE body IS NOT NULL;

CREATE TABLE platform.api_log_loss (
    id UUID NOT NULL DEFAULT uuidv7(),
    occurred_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    lost INTEGER NOT NULL,
    cause VARCHAR(20) NOT NULL,

    CONSTRAINT api_log_loss_pkey PRIMARY KEY (id),
    CONSTRAINT api_log_loss_check CHECK (lost > 0 AND cause IN ('buffer_full', 'not_written'))
);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX api_log_loss_occurred_at_idx ON platform.api_log_loss (occurred_at);
GRANT SELECT, INSERT, UPDATE, DELETE ON platform.api_log_loss TO app_web, app_worker;

RESET ROLE;
SET ROLE audit_owner;

INSERT INTO audit.policy (tbl, field, mode, why) VALUES
  ('platform.api_log_loss', '*', 'ignore', 'how many rows of the request log were lost, not part of the proof');

RESET ROLE;
