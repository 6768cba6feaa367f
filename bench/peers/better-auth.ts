import { compare, hash } from 'bcrypt';
import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { toNodeHandler } from 'better-auth/node';
import express from 'express';
import pg from 'pg';

/**
 * better-auth as its documentation sets it up on Express and PostgreSQL, with bcrypt at the product's cost in place of its own
 * scrypt, so that both sides hash alike. Its limits are off: one address sends every request.
 */
const cost = 12;
const options = {
  baseURL: `http://127.0.0.1:${process.env['PORT']}`,
  secret: 'only-for-the-comparison-of-speed-0123456789',
  database: new pg.Pool({ connectionString: process.env['DATABASE_URL'], max: 10 }),
  emailAndPassword: {
    enabled: true,
    password: {
      hash: (password: string) => hash(password, cost),
      verify: ({ password, hash: stored }: { password: string; hash: string }) => compare(password, stored),
    },
  },
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
};
const { runMigrations } = await getMigrations(options);
await runMigrations();

const app = express();
app.all('/api/auth/{*path}', toNodeHandler(betterAuth(options)));
app.listen(Number(process.env['PORT']), '127.0.0.1', () => process.send?.({ type: 'ready' }));
