import { createHash, createPrivateKey, generateKeyPairSync, randomBytes, randomUUID, sign } from 'node:crypto';
import express from 'express';
import pg from 'pg';

/**
 * Rotation of a refresh token written by hand on Express and pg: the statements of the product, in the same round trips, on
 * the same audited database; no frame, no schema, no log.
 */
const pool = new pg.Pool({ connectionString: process.env['DATABASE_URL'], max: 10, options: '-c timezone=UTC' });
const key = createPrivateKey(generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }));
const day = 86_400_000;

const sha256 = (text: string) => createHash('sha256').update(text).digest();
const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64');

const takeSql = `
  INSERT INTO platform.rate_bucket AS bucket (key, count, window_started_at, expires_at)
  VALUES ($1, $2, $3::timestamptz, $3::timestamptz + make_interval(secs => $4))
  ON CONFLICT (key) DO UPDATE SET
    count = CASE WHEN bucket.expires_at <= $3::timestamptz THEN $2 ELSE bucket.count + $2 END,
    window_started_at = CASE WHEN bucket.expires_at <= $3::timestamptz THEN $3::timestamptz ELSE bucket.window_started_at END,
    expires_at = CASE WHEN bucket.expires_at <= $3::timestamptz THEN EXCLUDED.expires_at ELSE bucket.expires_at END
  RETURNING count, expires_at`;

const consumeSql = `
  WITH presented AS (
    SELECT t.id, t.seq, t.session_id, t.consumed_at, t.client_id AS used_by_client, t.device_hash, t.successor_box, t.successor_until,
           s.user_id, s.client_id, s.acr, s.amr, s.auth_time, s.mfa_at, s.created_at, s.idle_expires_at, s.absolute_expires_at, s.revoked_at,
           EXISTS (SELECT 1 FROM identity.refresh_token r WHERE r.session_id = t.session_id AND r.seq = t.seq - 60
                      AND r.consumed_at > $1::timestamptz - interval '0 seconds') AS is_over_rate
      FROM identity.refresh_token t JOIN identity.session s ON s.id = t.session_id
     WHERE t.token_hash = $2
       FOR UPDATE OF t
  ), consumed AS (
    UPDATE identity.refresh_token t
       SET consumed_at = $1::timestamptz, updated_at = $1::timestamptz, client_id = $3, device_hash = NULL,
           successor_box = $4, successor_until = $5::timestamptz
      FROM presented p
     WHERE t.id = p.id AND t.consumed_at IS NULL AND p.client_id = $3 AND p.revoked_at IS NULL AND NOT p.is_over_rate
       AND p.idle_expires_at > $1::timestamptz AND p.absolute_expires_at > $1::timestamptz
       AND EXISTS (SELECT 1 FROM identity."user" a WHERE a.id = p.user_id AND a.status = 'active')
    RETURNING t.session_id, t.seq
  ), successor AS (
    INSERT INTO identity.refresh_token (id, created_at, updated_at, session_id, seq, token_hash)
    SELECT $6::uuid, $1::timestamptz, $1::timestamptz, session_id, seq + 1, $7 FROM consumed
  ), moved AS (
    UPDATE identity.session s
       SET last_used_at = $1::timestamptz, updated_at = $1::timestamptz, last_ip = $8::inet, last_refresh_seq = c.seq + 1,
           idle_expires_at = $9::timestamptz,
           acr = CASE WHEN s.acr = 'aal2' AND s.mfa_at > $10::timestamptz THEN 'aal2' ELSE 'aal1' END
      FROM consumed c WHERE s.id = c.session_id
    RETURNING s.id, s.acr, s.idle_expires_at
  )
  SELECT u.id, u.member_id, u.kind::text AS kind, u.auth_method::text, u.email_enc, u.phone_enc, u.first_name, u.last_name,
         u.display_name, u.language, u.status::text AS status, u.password_disabled, k.wrapped_key, k.kek_kid, c.password_hash,
         v.status::text AS vendor_status, (t.confirmed_at IS NOT NULL) AS has_totp,
         (SELECT count(*)::int FROM identity.passkey p WHERE p.user_id = u.id) AS passkeys,
         (SELECT count(*)::int FROM identity.recovery_code r WHERE r.user_id = u.id AND r.used_at IS NULL) AS recovery_codes_left,
         (moved.id IS NOT NULL) AS is_first_use, p.is_over_rate,
         (SELECT n.consumed_at IS NOT NULL FROM identity.refresh_token n WHERE n.session_id = p.session_id AND n.seq = p.seq + 1) AS is_successor_used,
         p.consumed_at, p.used_by_client, p.device_hash, p.successor_box, p.successor_until, p.session_id, p.client_id,
         COALESCE(moved.acr, p.acr) AS acr, p.amr, p.auth_time, p.mfa_at, p.created_at,
         COALESCE(moved.idle_expires_at, p.idle_expires_at) AS idle_expires_at, p.absolute_expires_at, p.revoked_at
    FROM presented p JOIN identity."user" u ON u.id = p.user_id
    LEFT JOIN identity.user_key k ON k.user_id = u.id
    LEFT JOIN identity.credential c ON c.user_id = u.id
    LEFT JOIN identity.vendor v ON v.user_id = u.id
    LEFT JOIN identity.totp t ON t.user_id = u.id
    LEFT JOIN moved ON true`;

async function rotate(parent: string, ip: string) {
  const now = new Date();
  const after = (ms: number) => new Date(now.getTime() + ms);
  await pool.query(takeSql, [`refresh:${ip}`, 1, now, 60]);
  const successor = randomBytes(32).toString('base64url');
  const [actionId, requestId] = [randomUUID(), randomUUID()];
  const context = base64({ actionId, actorType: 'anonymous', requestId });
  const client = await pool.connect();
  try {
    await client.query(`BEGIN; SELECT set_config('audit.ctx', '${context}', true)`);
    const { rows } = await client.query(consumeSql, [
      now,
      sha256(parent),
      'public',
      randomBytes(73),
      after(30_000),
      randomUUID(),
      sha256(successor),
      ip,
      after(14 * day),
      after(-day),
    ]);
    const [row] = rows;
    if (!row?.is_first_use) throw new Error('refresh_token_invalid');
    const action = base64({
      id: actionId,
      requestId,
      actorId: row.id,
      actorType: row.kind,
      ms: 1,
      recordCount: 1,
      mfa: false,
      outcome: 'ok',
      door: 'api',
      resource: 'session',
      action: 'refresh-session',
      actorRoles: [row.kind],
      recordIds: [row.session_id],
      sessionHash: sha256(row.session_id).toString('hex'),
      body: JSON.stringify({ ip, path: '/api/v1/auth/token/refresh' }),
    });
    await client.query(`SELECT audit.record_action(convert_from(decode('${action}', 'base64'), 'UTF8')::jsonb); COMMIT`);
    return { row, successor };
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}

const app = express();
app.use(express.json());
app.post('/api/v1/auth/token/refresh', async (req, res) => {
  const { row, successor } = await rotate(req.body.refreshToken, req.ip ?? '');
  const head = Buffer.from(JSON.stringify({ typ: 'at+jwt', alg: 'EdDSA', kid: 'peer' })).toString('base64url');
  const claims = { sub: row.id, sid: row.session_id, acr: row.acr, amr: row.amr, roles: [row.kind], jti: randomUUID() };
  const signed = `${head}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`;
  res.json({
    tokenType: 'Bearer',
    accessToken: `${signed}.${sign(null, Buffer.from(signed), key).toString('base64url')}`,
    expiresIn: 600,
    refreshToken: successor,
    refreshExpiresAt: row.idle_expires_at,
    session: { id: row.session_id, acr: row.acr, amr: row.amr, authTime: row.auth_time, createdAt: row.created_at },
    user: { id: row.id, memberId: row.member_id, role: row.kind, firstName: row.first_name, lastName: row.last_name },
  });
});
app.listen(Number(process.env['PORT']), '127.0.0.1', () => process.send?.({ type: 'ready' }));
