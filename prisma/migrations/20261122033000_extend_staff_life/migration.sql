-- What an invitation promises beyond its roles, and which sending of its link is the one that works; which reminder of a grant's end
-- went out, and whether it broke the glass (product.md 6.5, F115).
SET lock_timeout = '5s';
SET statement_timeout = '60s';
SET ROLE migrator;

ALTER TABLE identity.staff_invite
  ADD COLUMN reason VARCHAR(500),
  ADD COLUMN job_title VARCHAR(80),
  ADD COLUMN manager_user_id UUID,
  ADD COLUMN grants_expire_at TIMESTAMPTZ(6),
  ADD COLUMN send_no INTEGER NOT NULL DEFAULT 1;
ALTER TABLE identity.staff_invite ADD CONSTRAINT staff_invite_text_check CHECK (reason <> '' AND job_title <> '' AND send_no > 0) NOT VALID;

ALTER TABLE identity.staff_role_grant
  ADD COLUMN reminded_days INTEGER,
  ADD COLUMN is_break_glass BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE identity.staff_role_grant
  ADD CONSTRAINT staff_role_grant_break_glass_check
    CHECK (NOT is_break_glass OR (expires_at IS NOT NULL AND expires_at <= created_at + interval '60 minutes')) NOT VALID;

RESET ROLE;
SET ROLE audit_owner;

-- A reminder changes nothing that anybody may do.
INSERT INTO audit.policy (tbl, field, mode, why) VALUES
  ('identity.staff_role_grant', 'reminded_days', 'ignore', 'which reminder went out; the right itself does not change');

RESET ROLE;
SET ROLE migrator;

SELECT audit.enable_table('identity.staff_invite'), audit.enable_table('identity.staff_role_grant');

RESET ROLE;
