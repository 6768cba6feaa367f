import { z } from 'zod';
import { queries } from '../../modules/identity/index.ts';
import { defineEndpoint, noBody, noQuery } from '../define-endpoint.ts';
import { userIdOf } from '../execute.ts';
import { passkey } from '../passkey-shapes.ts';

/** GET /account/passkeys. */
export const listPasskeys = defineEndpoint({
  summary: 'List the own passkeys',
  query: noQuery,
  body: noBody,
  replies: { 200: { description: 'Passkeys, newest first', schema: z.strictObject({ items: z.array(passkey) }) } },
  async handle(call) {
    return { status: 200, body: { items: await queries.listPasskeys(call.deps, userIdOf(call)) } };
  },
});
