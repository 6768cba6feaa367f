import { createPrivateKey, generateKeyPairSync, randomBytes, randomUUID, sign } from 'node:crypto';
import { compare } from 'bcrypt';
import express from 'express';
import pg from 'pg';

/**
 * A sign-in as it is usually written: Express, bcrypt on libuv's pool, one look-up, one session row, one token. Nothing
 * limits how much is hashed at once, nothing is counted, nothing is audited.
 */
const pool = new pg.Pool({ connectionString: process.env['DATABASE_URL'], max: 10 });
await pool.query(
  'CREATE SCHEMA IF NOT EXISTS plain; CREATE TABLE IF NOT EXISTS plain.session (id uuid PRIMARY KEY, email text, token text, at timestamptz DEFAULT now())',
);
const key = createPrivateKey(generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }));

const app = express();
app.use(express.json());
app.get('/api/v1/auth/config', (_req, res) => {
  res.json({ methods: ['password'] });
});
app.post('/api/v1/auth/login', async (req, res) => {
  const { email, password } = req.body;
  const { rows } = await pool.query('SELECT hash FROM plain.person WHERE email = $1', [email]);
  if (!rows[0] || !(await compare(password, rows[0].hash))) {
    res.status(401).json({ error: 'invalid_credentials' });
    return;
  }
  const id = randomUUID();
  const refreshToken = randomBytes(32).toString('base64url');
  await pool.query('INSERT INTO plain.session (id, email, token) VALUES ($1, $2, $3)', [id, email, refreshToken]);
  const claims = Buffer.from(JSON.stringify({ sub: email, sid: id })).toString('base64url');
  res.json({ accessToken: `${claims}.${sign(null, Buffer.from(claims), key).toString('base64url')}`, refreshToken });
});
app.listen(Number(process.env['PORT']), '127.0.0.1', () => process.send?.({ type: 'ready' }));
