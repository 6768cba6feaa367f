-- Which table is audited and which is not, and why (promise P14). The policy is compiled into trigger arguments: after a change
-- of a policy row, run audit.enable_table for that table again in the same migration.
SET ROLE audit_owner;

INSERT INTO audit.policy (tbl, field, mode, snapshot, subject_column, pk_columns) VALUES
  ('identity.user', '*', 'audit', true, 'id', '{id}'),
  ('identity.client', '*', 'audit', true, 'user_id', '{id}'),
  ('identity.client_address', '*', 'audit', false, 'owner_user_id', '{id}'),
  ('identity.vendor', '*', 'audit', true, 'user_id', '{id}'),
  ('identity.vendor_setup', '*', 'audit', false, 'owner_user_id', '{id}'),
  ('identity.vendor_settings', '*', 'audit', true, 'owner_user_id', '{id}'),
  ('identity.vendor_bank_account', '*', 'audit', true, 'owner_user_id', '{id}'),
  ('identity.external_identity', '*', 'audit', false, 'user_id', '{id}'),
  ('identity.credential', '*', 'audit', false, 'user_id', '{id}'),
  ('identity.session', '*', 'audit', false, 'user_id', '{id}'),
  ('identity.totp', '*', 'audit', false, 'user_id', '{id}'),
  ('identity.recovery_code', '*', 'audit', false, 'user_id', '{id}'),
  ('identity.passkey', '*', 'audit', false, 'user_id', '{id}'),
  ('identity.staff_profile', '*', 'audit', true, 'user_id', '{id}'),
  ('identity.staff_role_grant', '*', 'audit', true, 'user_id', '{id}'),
  ('identity.staff_invite', '*', 'audit', false, NULL, '{id}'),
  ('identity.consent', '*', 'audit', false, 'user_id', '{id}'),
  ('identity.private_file', '*', 'audit', false, 'owner_user_id', '{id}'),
  ('reference.country', '*', 'audit', false, NULL, '{id}'),
  ('reference.refresh_run', '*', 'audit', false, NULL, '{id}'),
  ('support.note', '*', 'audit', false, 'subject_user_id', '{id}'),
  ('notifications.delivery', '*', 'audit', false, 'user_id', '{id}'),
  ('notifications.webhook_endpoint', '*', 'audit', false, NULL, '{id}'),
  ('platform.feature_flag', '*', 'audit', false, NULL, '{id}'),
  ('platform.saved_view', '*', 'audit', false, 'owner_user_id', '{id}'),
  ('platform.bulk_run', '*', 'audit', false, NULL, '{id}');

-- Stamps and counters alone are no news.
INSERT INTO audit.policy (tbl, field, mode, why)
SELECT t.tbl, f.field, 'ignore', 'stamp of the row itself'
  FROM audit.policy AS t CROSS JOIN (VALUES ('updated_at'), ('version')) AS f (field)
 WHERE t.field = '*' AND t.tbl <> 'identity.consent';
INSERT INTO audit.policy (tbl, field, mode, why) VALUES
  ('identity.user', 'last_login_at', 'ignore', 'counter: each sign-in has a login event and an action'),
  ('identity.user', 'login_count', 'ignore', 'counter: each sign-in has a login event and an action'),
  ('identity.user', 'failed_logins', 'ignore', 'counter: each failure has a login event and an action'),
  ('identity.user', 'failed_consecutive', 'ignore', 'counter: each failure has a login event and an action'),
  ('identity.client', 'last_active_at', 'ignore', 'moves with every visit'),
  ('identity.external_identity', 'last_used_at', 'ignore', 'moves with every sign-in, which has its own event'),
  ('identity.session', 'last_used_at', 'ignore', 'moves with every refresh, which has its own action'),
  ('identity.session', 'last_ip', 'ignore', 'moves with every refresh, which has its own action'),
  ('identity.session', 'idle_expires_at', 'ignore', 'moves with every refresh, which has its own action'),
  ('identity.session', 'last_refresh_seq', 'ignore', 'moves with every refresh, which has its own action'),
  ('identity.totp', 'last_step', 'ignore', 'moves with every accepted code, which has its own action'),
  ('identity.totp', 'failures', 'ignore', 'counter: each failure has its own action'),
  ('identity.passkey', 'sign_count', 'ignore', 'counter of the authenticator'),
  ('identity.passkey', 'last_used_at', 'ignore', 'moves with every sign-in, which has its own event'),
  ('notifications.delivery', 'attempts', 'ignore', 'counter of the sender'),
  ('notifications.delivery', 'next_attempt_at', 'ignore', 'moves with every attempt'),
  ('platform.bulk_run', 'done', 'ignore', 'counter of the worker');

-- Only the name of these shows up in `changed`; what they held is stored nowhere else.
INSERT INTO audit.policy (tbl, field, mode) VALUES
  ('identity.user', 'email_bidx', 'secret'),
  ('identity.user', 'phone_bidx', 'secret'),
  ('identity.vendor', 'tax_id_bidx', 'secret'),
  ('identity.vendor_bank_account', 'account_number_bidx', 'secret'),
  ('identity.external_identity', 'subject_bidx', 'secret'),
  ('identity.credential', 'password_hash', 'secret'),
  ('identity.session', 'fingerprint_hash', 'secret'),
  ('identity.totp', 'secret_enc', 'secret'),
  ('identity.recovery_code', 'code_hash', 'secret'),
  ('identity.staff_invite', 'email_bidx', 'secret'),
  ('identity.staff_invite', 'token_hash', 'secret'),
  ('identity.staff_invite', 'wrapped_row_key', 'secret'),
  ('identity.private_file', 'storage_key', 'secret'),
  ('notifications.delivery', 'recipient_bidx', 'secret'),
  ('notifications.delivery', 'wrapped_row_key', 'secret'),
  ('notifications.webhook_endpoint', 'secret_enc', 'secret');

-- Names that look secret and are not.
INSERT INTO audit.policy (tbl, field, mode, why) VALUES
  ('identity.user', 'password_disabled', 'keep', 'a flag'),
  ('identity.credential', 'hash_version', 'keep', 'the number of the hashing rule'),
  ('identity.passkey', 'public_key', 'keep', 'public by nature');

INSERT INTO audit.policy (tbl, field, mode, why) VALUES
  ('audit.*', '*', 'ignore', 'the history itself: append-only, sealed and guarded by triggers of its own'),
  ('pgboss.*', '*', 'ignore', 'queue bookkeeping of pg-boss; payloads hold ids, and what jobs change is audited where it is changed'),
  ('public._prisma_migrations', '*', 'ignore', 'bookkeeping of the migration runner, written by migrations only'),
  ('identity.user_key', '*', 'ignore', 'wrapped data keys only: a copy in the history would defeat erasure by shredding'),
  ('identity.pending_registration', '*', 'ignore', 'nobody''s account yet, gone within 48 hours; the action of each step is recorded'),
  ('identity.otp_flow', '*', 'ignore', 'keyed hashes and counters of minutes; the action of each step is recorded'),
  ('identity.refresh_token', '*', 'ignore', 'token hashes that rotate at each use; refresh and reuse are recorded as actions'),
  ('identity.known_device', '*', 'ignore', 'counters and stamps of devices; each sign-in has a login event'),
  ('identity.mfa_challenge', '*', 'ignore', 'lives five minutes; each attempt is recorded as an action and a login event'),
  ('identity.login_event', '*', 'ignore', 'append-only events with an action row each'),
  ('notifications.staff_notice', '*', 'ignore', 'copies of events for an inbox; read marks only'),
  ('notifications.webhook_attempt', '*', 'ignore', 'attempts of the sender; the event itself is in the outbox'),
  ('notifications.dev_message', '*', 'ignore', 'captured messages of demo and lab; empty in production'),
  ('platform.outbox_event', '*', 'ignore', 'events written with their change; publishing only stamps them'),
  ('platform.outbox_consumed', '*', 'ignore', 'idempotency marks of consumers'),
  ('platform.idempotency_key', '*', 'ignore', 'replay bookkeeping of 24 hours'),
  ('platform.rate_bucket', '*', 'ignore', 'rate limit counters'),
  ('platform.cache_namespace', '*', 'ignore', 'cache versions'),
  ('platform.workflow_run', '*', 'ignore', 'progress of long jobs; what they change is audited where it is changed'),
  ('platform.admin_session', '*', 'ignore', 'stamps at every request; the session people see is identity.session, which is audited'),
  ('platform.bulk_row', '*', 'ignore', 'progress of a bulk run; each row''s change has its own action'),
  ('platform.reveal_quota', '*', 'ignore', 'counters; each counted reveal or read has its own action'),
  ('platform.reveal_quota_subject', '*', 'ignore', 'marks against counting twice; each read has its own action'),
  ('platform.signing_key', '*', 'ignore', 'public halves of token keys; rotation is recorded as an action'),
  ('platform.api_log', '*', 'ignore', 'request log, sampled and short-lived, not part of the proof');

RESET ROLE;
SET ROLE migrator;

SELECT audit.enable_table(t.tbl) FROM (VALUES
  ('identity."user"'::regclass), ('identity.client'), ('identity.client_address'), ('identity.vendor'), ('identity.vendor_setup'),
  ('identity.vendor_settings'), ('identity.vendor_bank_account'), ('identity.external_identity'), ('identity.credential'),
  ('identity.session'), ('identity.totp'), ('identity.recovery_code'), ('identity.passkey'), ('identity.staff_profile'),
  ('identity.staff_role_grant'), ('identity.staff_invite'), ('identity.consent'), ('identity.private_file'), ('reference.country'),
  ('reference.refresh_run'), ('support.note'), ('notifications.delivery'), ('notifications.webhook_endpoint'),
  ('platform.feature_flag'), ('platform.saved_view'), ('platform.bulk_run')
) AS t (tbl);

RESET ROLE;
