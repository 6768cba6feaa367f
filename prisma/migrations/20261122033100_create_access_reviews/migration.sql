-- The quarterly review of who holds what (product.md F114, 6.5): one row a quarter, one line for each grant that was in force.
SET lock_timeout = '5s';
SET statement_timeout = '60s';
SET ROLE migrator;

CREATE TYPE identity.access_review_decision AS ENUM ('keep', 'remove', 'lapsed');

CREATE TABLE identity.access_review (
    id UUID NOT NULL DEFAULT uuidv7(),
    created_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    version INTEGER NOT NULL DEFAULT 1,
    quarter VARCHAR(7) NOT NULL,
    due_at TIMESTAMPTZ(6) NOT NULL,
    lapse_at TIMESTAMPTZ(6) NOT NULL,
    reminded_at TIMESTAMPTZ(6),
    lapsed_at TIMESTAMPTZ(6),
    signed_off_at TIMESTAMPTZ(6),
    signed_off_by UUID,
    sha256 CHAR(64),

    CONSTRAINT access_review_pkey PRIMARY KEY (id),
    CONSTRAINT access_review_quarter_check CHECK (quarter ~ '^[0-9]{4}-Q[1-4]$'),
    CONSTRAINT access_review_due_check CHECK (created_at < due_at AND due_at < lapse_at),
    CONSTRAINT access_review_signed_check CHECK (num_nonnulls(signed_off_at, signed_off_by, sha256) IN (0, 3))
);
-- One review a quarter, whatever the number of workers that open it.
-- squawk-ignore require-concurrent-index-creation
CREATE UNIQUE INDEX access_review_quarter_key ON identity.access_review(quarter);

CREATE TABLE identity.access_review_line (
    id UUID NOT NULL DEFAULT uuidv7(),
    created_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    version INTEGER NOT NULL DEFAULT 1,
    review_id UUID NOT NULL,
    grant_id UUID NOT NULL,
    user_id UUID NOT NULL,
    decision identity.access_review_decision,
    decided_by UUID,
    decided_at TIMESTAMPTZ(6),
    reason VARCHAR(500),

    CONSTRAINT access_review_line_pkey PRIMARY KEY (id),
    CONSTRAINT access_review_line_decided_check CHECK ((decision IS NULL) = (decided_at IS NULL)),
    CONSTRAINT access_review_line_person_check CHECK (decision IS NULL OR (decision = 'lapsed') = (decided_by IS NULL)),
    CONSTRAINT access_review_line_self_check CHECK (decided_by <> user_id),
    CONSTRAINT access_review_line_text_check CHECK (reason <> ''),
    CONSTRAINT access_review_line_review_id_fkey FOREIGN KEY (review_id) REFERENCES identity.access_review(id) ON DELETE RESTRICT ON UPDATE CASCADE,
    CONSTRAINT access_review_line_grant_id_fkey FOREIGN KEY (grant_id) REFERENCES identity.staff_role_grant(id) ON DELETE RESTRICT ON UPDATE CASCADE
);
-- squawk-ignore require-concurrent-index-creation
CREATE UNIQUE INDEX access_review_line_review_id_grant_id_key ON identity.access_review_line(review_id, grant_id);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX access_review_line_grant_id_idx ON identity.access_review_line(grant_id);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX access_review_line_user_id_idx ON identity.access_review_line(user_id);

GRANT SELECT, INSERT, UPDATE ON identity.access_review, identity.access_review_line TO app_web, app_worker;

RESET ROLE;
SET ROLE audit_owner;
INSERT INTO audit.policy (tbl, field, mode, snapshot, subject_column, pk_columns) VALUES
  ('identity.access_review', '*', 'audit', true, NULL, '{id}'),
  ('identity.access_review_line', '*', 'audit', false, 'user_id', '{id}');
INSERT INTO audit.policy (tbl, field, mode, why)
SELECT t.tbl, f.field, 'ignore', 'stamp of the row itself'
  FROM audit.policy AS t CROSS JOIN (VALUES ('updated_at'), ('version')) AS f (field)
 WHERE t.field = '*' AND t.tbl IN ('identity.access_review', 'identity.access_review_line');
RESET ROLE;
SET ROLE migrator;

SELECT audit.enable_table('identity.access_review'::regclass), audit.enable_table('identity.access_review_line'::regclass);

RESET ROLE;
