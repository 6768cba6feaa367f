import { fail } from '../foundation/errors/app-error.ts';
import type { Call } from './endpoint.ts';

const form = /^[A-Za-z0-9_-]{8,128}$/;

/**
 * Step: Idempotency-Key, on the routes that honour it; others ignore the header. The command runner claims the key and
 * keeps the command's output (flow ids and masked contacts, never a token) for 24 h; the route renders it again.
 * @throws AppError `idempotency_key_invalid`
 */
export function readIdempotencyKey(call: Call): void {
  if (!call.route.isIdempotent) return;
  const header = call.req.headers['idempotency-key'];
  if (header === undefined) return;
  if (typeof header !== 'string' || !form.test(header)) fail('idempotency_key_invalid');
  call.idempotencyKey = header;
}
