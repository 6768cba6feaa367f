import { createHash, createHmac, createPrivateKey, generateKeyPairSync, randomBytes, randomUUID, sign } from 'node:crypto';
import express from 'express';
import pg from 'pg';

/**
 * A code that signs in, written by hand on Express and pg: the statements of the product, in the same round trips, on the same
 * audited database; no frame, no schema, no log.
 */
const pool = new pg.Pool({ connectionString: process.env['DATABASE_URL'], max: 10, options: '-c timezone=UTC' });
const key = createPrivateKey(generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }));
const day = 86_400_000;

const sha256 = (text: string) => createHash('sha256').update(text).digest();
const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64');

const takeSql = `
  INSERT INTO platform.rate_bucket AS bucket (key, count, window_started_at, expires_at)
  VALUES ($1, 1, $2::timestamptz, $2::timestamptz + make_interval(secs => 600))
  ON CONFLICT (key) DO UPDATE SET
    count = CASE WHEN bucket.expires_at <= $2::timestamptz THEN 1 ELSE bucket.count + 1 END,
    window_started_at = CASE WHEN bucket.expires_at <= $2::timestamptz THEN $2::timestamptz ELSE bucket.window_started_at END,
    expires_at = CASE WHEN bucket.expires_at <= $2::timestamptz THEN EXCLUDED.expires_at ELSE bucket.expires_at END
  RETURNING count, expires_at`;

const consumeSql = `
  UPDATE identity.otp_flow
     SET consumed_at = CASE WHEN (NOT decoy AND COALESCE(code_hash = $1, false)) THEN $2::timestamptz END,
         attempts_left = CASE WHEN (NOT decoy AND COALESCE(code_hash = $1, false)) THEN attempts_left ELSE attempts_left - 1 END,
         updated_at = $2::timestamptz
   WHERE id = $3::uuid AND purpose = 'login' AND consumed_at IS NULL AND superseded_at IS NULL
     AND attempts_left > 0 AND expires_at > $2::timestamptz AND flow_expires_at > $2::timestamptz
  RETURNING (consumed_at IS NOT NULL) AS is_right, subject_id, target_bidx`;

const accountSql = `
  SELECT u.id, u.member_id, u.kind::text AS kind, u.auth_method::text, u.email_enc, u.phone_enc, u.first_name, u.last_name, u.display_name,
         u.language, u.timezone, u.status::text AS status, u.password_disabled, k.wrapped_key, k.kek_kid, c.password_hash,
         v.status::text AS vendor_status, (t.confirmed_at IS NOT NULL) AS has_totp,
         (SELECT count(*)::int FROM identity.passkey p WHERE p.user_id = u.id) AS passkeys,
         (SELECT count(*)::int FROM identity.recovery_code r WHERE r.user_id = u.id AND r.used_at IS NULL) AS recovery_codes_left
    FROM identity."user" u
    LEFT JOIN identity.user_key k ON k.user_id = u.id
    LEFT JOIN identity.credential c ON c.user_id = u.id
    LEFT JOIN identity.vendor v ON v.user_id = u.id
    LEFT JOIN identity.totp t ON t.user_id = u.id
   WHERE u.id = $1::uuid`;

const lockSql = 'SELECT u.id FROM identity."user" u WHERE u.id = $1::uuid FOR UPDATE';

const historySql = `
  WITH good AS (
    SELECT e.at, e.country_code::text AS country FROM identity.login_event e
     WHERE e.user_id = $1::uuid AND e.outcome = 'success' AND e.at > $2::timestamptz - interval '183 days' AND e.at <= $2::timestamptz
     ORDER BY e.at DESC LIMIT 200
  ), latest AS (SELECT max(at) AS at FROM good)
  SELECT d.first_seen_at, d.mfa_trusted_until, EXISTS (SELECT FROM identity.known_device k WHERE k.user_id = $1::uuid) AS has_devices,
         ARRAY(SELECT DISTINCT g.country FROM good g WHERE g.country IS NOT NULL) AS countries, last.country, last.at,
         ARRAY(SELECT g.at FROM good g) AS times,
         (SELECT count(*)::int FROM (
            SELECT FROM identity.login_event f
             WHERE f.user_id = $1::uuid AND f.outcome = 'failed' AND f.method <> 'refresh' AND f.at <= $2::timestamptz
               AND f.at > GREATEST($2::timestamptz - interval '1 day', (SELECT at FROM latest)) LIMIT 50) c) AS failures,
         u.timezone
    FROM (SELECT 1) one
    LEFT JOIN identity."user" u ON u.id = $1::uuid
    LEFT JOIN identity.known_device d ON d.user_id = $1::uuid AND d.device_hash = $3
    LEFT JOIN LATERAL (SELECT g.country, g.at FROM good g WHERE g.country IS NOT NULL ORDER BY g.at DESC LIMIT 1) last ON true`;

const notedSql = `
  WITH noted AS (
    UPDATE identity."user" SET last_login_at = $1::timestamptz, login_count = login_count + 1,
           failed_logins = 0, failed_consecutive = 0, locked_until = NULL, lock_level = 0
     WHERE id = $2::uuid
  )
  UPDATE identity.session SET revoked_at = $1::timestamptz, revoked_reason = 'evicted', updated_at = $1::timestamptz
   WHERE id IN (SELECT id FROM identity.session
                 WHERE user_id = $2::uuid AND surface = 'api' AND revoked_at IS NULL
                   AND idle_expires_at > $1::timestamptz AND absolute_expires_at > $1::timestamptz
                 ORDER BY last_used_at DESC, id DESC OFFSET 49)
  RETURNING id`;

const sessionSql = `
  WITH session AS (
    INSERT INTO identity.session (id, created_at, updated_at, user_id, surface, client_id, amr, acr, auth_time, mfa_at, device_id, device_name,
           browser, os, ip, last_ip, country_code, last_used_at, last_refresh_seq, idle_expires_at, absolute_expires_at)
    VALUES ($1, $2, $2, $3, 'api', 'public', '{otp}', 'aal1', $2, NULL, $4, 'Unknown device', NULL, NULL, $5, $5, NULL, $2, 1, $6, $7)
  )
  INSERT INTO identity.refresh_token (id, created_at, updated_at, session_id, seq, token_hash) VALUES ($8, $2, $2, $1, 1, $9)`;

const deviceSql = `
  INSERT INTO identity.known_device AS known (id, created_at, updated_at, user_id, device_hash, first_seen_at, last_seen_at)
  VALUES ($1, $2, $2, $3, $4, $2, $2)
  ON CONFLICT (user_id, device_hash) DO UPDATE SET last_seen_at = EXCLUDED.last_seen_at, updated_at = EXCLUDED.updated_at`;

const loginSql = `
  INSERT INTO identity.login_event (at, id, user_id, identifier_bidx, surface, method, outcome, ip, device_id, device_name, is_new_device,
         is_new_country, risk_score, rule_trace, session_id)
  VALUES ($1, $2, $3, $4, 'api', 'otp', 'success', $5, $6, 'Unknown device', true, false, 15, $7, $8)`;

const outboxSql = `
  INSERT INTO platform.outbox_event (id, name, payload, aggregate_id, action_id, occurred_at)
  VALUES ($1, 'identity.login.succeeded', $2, $3, $4, $5)`;

type SignIn = {
  now: Date;
  flowId: string;
  code: string;
  ip: string;
  actionId: string;
  sessionId: string;
  deviceId: string;
  refreshToken: string;
};

async function signIn(client: pg.PoolClient, given: SignIn) {
  const { now, flowId, code, ip, actionId, sessionId, deviceId } = given;
  const codeHash = createHmac('sha256', 'peer').update(`${flowId}|${code}`).digest();
  const { rows: flows } = await client.query(consumeSql, [codeHash, now, flowId]);
  if (!flows[0]?.is_right) throw new Error('otp_invalid');
  await client.query(lockSql, [flows[0].subject_id]);
  const { rows: accounts } = await client.query(accountSql, [flows[0].subject_id]);
  const [account] = accounts;
  const deviceHash = sha256(deviceId);
  await client.query(historySql, [account.id, now, deviceHash]);
  await client.query(notedSql, [now, account.id]);
  const after = (days: number) => new Date(now.getTime() + days * day);
  const [tokenId, tokenHash] = [randomUUID(), sha256(given.refreshToken)];
  await client.query(sessionSql, [sessionId, now, account.id, deviceId, ip, after(14), after(30), tokenId, tokenHash]);
  await client.query(deviceSql, [randomUUID(), now, account.id, deviceHash]);
  const eventId = randomUUID();
  const trace = JSON.stringify([{ rule: 'login_code', isPassed: true }]);
  await client.query(loginSql, [now, eventId, account.id, flows[0].target_bidx, ip, deviceId, trace, sessionId]);
  const payload = { userId: account.id, loginEventId: eventId, method: 'otp', sessionId, isNewDevice: true, actorType: account.kind };
  await client.query(outboxSql, [randomUUID(), JSON.stringify(payload), account.id, actionId, now]);
  return account;
}

async function verify(flowId: string, code: string, ip: string) {
  const [actionId, requestId, sessionId, deviceId] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
  const refreshToken = randomBytes(32).toString('base64url');
  const given = { now: new Date(), flowId, code, ip, actionId, sessionId, deviceId, refreshToken };
  await pool.query(takeSql, [`otp-verify:${ip}`, given.now]);
  const client = await pool.connect();
  try {
    await client.query(`BEGIN; SELECT set_config('audit.ctx', '${base64({ actionId, actorType: 'anonymous', requestId })}', true)`);
    const account = await signIn(client, given);
    const action = base64({
      id: actionId,
      requestId,
      actorId: account.id,
      actorType: account.kind,
      ms: 1,
      recordCount: 1,
      mfa: false,
      outcome: 'ok',
      door: 'api',
      resource: 'auth',
      action: 'verify-login-code',
      actorRoles: [account.kind],
      recordIds: [sessionId],
      sessionHash: sha256(sessionId).toString('hex'),
      body: JSON.stringify({ ip, path: '/api/v1/auth/otp/verify' }),
    });
    await client.query(`SELECT audit.record_action(convert_from(decode('${action}', 'base64'), 'UTF8')::jsonb); COMMIT`);
    await pool.query(`SELECT pg_notify('fashionistar_outbox', '')`);
    return { account, sessionId, refreshToken };
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}

const app = express();
app.use(express.json());
app.post('/api/v1/auth/otp/verify', async (req, res) => {
  const { account, sessionId, refreshToken } = await verify(req.body.flowId, req.body.code, req.ip ?? '');
  const head = Buffer.from(JSON.stringify({ typ: 'at+jwt', alg: 'EdDSA', kid: 'peer' })).toString('base64url');
  const claims = { sub: account.id, sid: sessionId, acr: 'aal1', amr: ['otp'], roles: [account.kind], jti: randomUUID() };
  const signed = `${head}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`;
  res.json({
    tokenType: 'Bearer',
    accessToken: `${signed}.${sign(null, Buffer.from(signed), key).toString('base64url')}`,
    expiresIn: 600,
    refreshToken,
    session: { id: sessionId, acr: 'aal1', amr: ['otp'] },
    user: { id: account.id, memberId: account.member_id, role: account.kind, firstName: account.first_name, lastName: account.last_name },
  });
});
app.listen(Number(process.env['PORT']), '127.0.0.1', () => process.send?.({ type: 'ready' }));
