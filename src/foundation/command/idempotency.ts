import { fail } from '../errors/app-error.ts';
import type { Tx } from '../runtime/database.ts';
import type { CommandDeps } from './command.ts';

/** A key that this call owns until it finishes or gives it back. */
export type HeldKey = { scope: string; key: string };

export type KeyState = { kind: 'held'; held: HeldKey } | { kind: 'replay'; response: unknown };

const holdSeconds = 60;
const keepSeconds = 86_400;

/**
 * The claim does not wait for the disk: the change's own commit, which comes after it in the log, does. Where a crash loses the
 * claim it has lost the change too, and the key is free again.
 */
const claimText = `
  INSERT INTO platform.idempotency_key AS k (scope, key, body_hash, state, locked_until, expires_at)
  SELECT $1, $2, $3, 'running', $4, $5 FROM set_config('synchronous_commit', 'off', true)
  ON CONFLICT (scope, key) DO UPDATE SET body_hash = $3, state = 'running', status = NULL, response = NULL, locked_until = $4, expires_at = $5
   WHERE k.expires_at <= $6 OR (k.state = 'running' AND k.locked_until <= $6 AND k.body_hash = $3)
  RETURNING 1`;

type Claim = {
  scope: string;
  key: string;
  body: string;
  /** What a call is told while the first one with its key still runs: the API has a code of its own for that. */
  runningCode: 'idempotency_in_progress' | 'in_progress';
};

/**
 * Claims an idempotency key before the work starts, in a statement of its own, so that a second call sees it at once.
 * A claim whose process died is free again after 60 s.
 * @throws AppError 409 `runningCode`, 422 `idempotency_key_reused` for another body
 */
export async function claimKey(deps: CommandDeps, { scope, key, body, runningCode }: Claim): Promise<KeyState> {
  // Keyed: a body may hold a password, whose plain hash could be guessed offline.
  const hash = deps.keyring.keyedHash('idempotency-body', body);
  const now = deps.clock.now();
  const { pool } = deps.database;
  const lockedUntil = new Date(now.getTime() + holdSeconds * 1000);
  const expiresAt = new Date(now.getTime() + keepSeconds * 1000);
  const claimed = await pool.query({
    name: 'claim-idempotency-key',
    text: claimText,
    values: [scope, key, hash, lockedUntil, expiresAt, now],
  });
  if (claimed.rowCount === 1) return { kind: 'held', held: { scope, key } };
  const { rows } = await pool.query<{ body_hash: Buffer; state: string; response: unknown }>(
    'SELECT body_hash, state, response FROM platform.idempotency_key WHERE scope = $1 AND key = $2',
    [scope, key],
  );
  const [row] = rows;
  // The owner gave it back between the two statements: the caller may simply try again.
  if (!row) fail(runningCode, { retryAfterSeconds: 1 });
  if (!row.body_hash.equals(hash)) fail('idempotency_key_reused');
  if (row.state === 'running') fail(runningCode, { retryAfterSeconds: 1 });
  return { kind: 'replay', response: row.response };
}

/** Stores the answer in the transaction of the change: either both are there or neither. */
export async function finishKey(tx: Tx, held: HeldKey, response: unknown): Promise<void> {
  await tx.$executeRaw`UPDATE platform.idempotency_key SET state = 'done', status = 200, response = ${JSON.stringify(response)}::jsonb
    WHERE scope = ${held.scope} AND key = ${held.key}`;
}

/** A call that failed gives its key back, so that the corrected call may use it. */
export async function releaseKey(deps: CommandDeps, held: HeldKey): Promise<void> {
  await deps.database.pool.query(`DELETE FROM platform.idempotency_key WHERE scope = $1 AND key = $2 AND state = 'running'`, [
    held.scope,
    held.key,
  ]);
}
