import { z } from 'zod';
import { defineEndpoint, noBody, noQuery } from '../define-endpoint.ts';

/** GET /health/live: the process answers; touches nothing. */
export const isLive = defineEndpoint({
  summary: 'Whether the process answers',
  query: noQuery,
  body: noBody,
  replies: { 200: { description: 'It does', schema: z.strictObject({ status: z.literal('ok') }) } },
  handle: () => ({ status: 200, body: { status: 'ok' } }),
});

const outcome = z.enum(['ok', 'failed']);
const checks = z.strictObject({ database: outcome, migrations: outcome, queue: outcome, keys: outcome });

/** GET /health/ready: whether this node can do its work; names parts, never versions or hosts. */
export const isReady = defineEndpoint({
  summary: 'Whether the node can work',
  query: noQuery,
  body: noBody,
  replies: {
    200: { description: 'Ready', schema: z.strictObject({ status: z.literal('ready'), checks }) },
    503: { description: 'Not ready', schema: z.strictObject({ status: z.literal('not_ready'), checks }) },
  },
  async handle({ deps: { readiness } }) {
    const [database, migrations, queue, keys] = await Promise.all([
      passes(readiness.database()),
      passes(readiness.migrations()),
      passes(readiness.queue()),
      passes(readiness.keys()),
    ]);
    const isWell = [database, migrations, queue, keys].every((part) => part === 'ok');
    const body = { status: isWell ? 'ready' : 'not_ready', checks: { database, migrations, queue, keys } };
    return isWell ? { status: 200, body } : { status: 503, body, headers: { 'Retry-After': '5' } };
  },
});

function passes(check: Promise<boolean>): Promise<'ok' | 'failed'> {
  return check.then(
    (isWell) => (isWell ? 'ok' : 'failed'),
    () => 'failed',
  );
}
