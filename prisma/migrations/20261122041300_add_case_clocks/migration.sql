-- The clock of a review case, its name in lists, and every answer that was given in it.
SET lock_timeout = '5s';
SET statement_timeout = '60s';

SET ROLE migrator;

-- `title` is the name of the store or the product as it was handed in. `paused_at`: the clock stands still, and nobody is handed the case
-- (a product waits for its store). `answers` holds each person's answer in its order: a second person who disagrees overwrites nothing.
ALTER TABLE review.review_case
  ADD COLUMN title VARCHAR(255),
  ADD COLUMN paused_at TIMESTAMPTZ(6),
  ADD COLUMN sla_risk_at TIMESTAMPTZ(6),
  ADD COLUMN sla_risk_told_at TIMESTAMPTZ(6),
  ADD COLUMN sla_breach_told_at TIMESTAMPTZ(6),
  ADD COLUMN lapse_told_at TIMESTAMPTZ(6),
  ADD COLUMN answers JSONB NOT NULL DEFAULT '[]';

ALTER TABLE review.review_case ADD CONSTRAINT review_case_title_check CHECK (title <> '') NOT VALID;
ALTER TABLE review.review_case ADD CONSTRAINT review_case_answers_check CHECK (jsonb_typeof(answers) = 'array') NOT VALID;
-- Only what waits can stand still.
ALTER TABLE review.review_case ADD CONSTRAINT review_case_paused_check CHECK (paused_at IS NULL OR status = 'queued') NOT VALID;

-- The order of "take next" among what can be taken: a lead's cases apart, since others pass them by.
-- squawk-ignore require-concurrent-index-deletion
DROP INDEX review.review_case_queue_idx;
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX review_case_ready_idx ON review.review_case(needs_lead, priority DESC, sla_due_at, risk_score DESC, id)
  WHERE status = 'queued' AND paused_at IS NULL;
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX review_case_paused_idx ON review.review_case(vendor_id) WHERE status = 'queued' AND paused_at IS NOT NULL;
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX review_case_risk_idx ON review.review_case(sla_risk_at)
  WHERE status IN ('queued', 'claimed', 'pending_second') AND paused_at IS NULL AND sla_risk_told_at IS NULL;
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX review_case_breach_idx ON review.review_case(sla_due_at)
  WHERE status IN ('queued', 'claimed', 'pending_second') AND paused_at IS NULL AND sla_breach_told_at IS NULL;
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX review_case_second_idx ON review.review_case(sla_due_at, id) WHERE status = 'pending_second';
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX review_case_decided_at_id_idx ON review.review_case(decided_at DESC, id DESC) WHERE status IN ('approved', 'rejected', 'changes_requested');
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX review_case_created_at_id_idx ON review.review_case(created_at DESC, id);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX review_case_sla_due_at_id_idx ON review.review_case(sla_due_at DESC, id);

RESET ROLE;
SET ROLE audit_owner;
-- Marks of the worker that a notice was sent: the notice itself is on record.
INSERT INTO audit.policy (tbl, field, mode, why) VALUES
  ('review.review_case', 'sla_risk_at', 'ignore', 'follows from the due date'),
  ('review.review_case', 'sla_risk_told_at', 'ignore', 'mark of the worker; the event is on record'),
  ('review.review_case', 'sla_breach_told_at', 'ignore', 'mark of the worker; the event is on record'),
  ('review.review_case', 'lapse_told_at', 'ignore', 'mark of the worker; the event is on record');
RESET ROLE;
SET ROLE migrator;
SELECT audit.enable_table('review.review_case'::regclass);
RESET ROLE;
