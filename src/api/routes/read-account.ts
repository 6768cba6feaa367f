import { queries } from '../../modules/identity/index.ts';
import { defineEndpoint, noBody, noQuery } from '../define-endpoint.ts';
import type { Call, Reply } from '../endpoint.ts';
import { userIdOf } from '../execute.ts';
import { etagOf } from '../if-match.ts';
import { account } from '../shapes.ts';

/** GET /account: the caller's own account, contact in clear. */
export const readAccount = defineEndpoint({
  summary: 'Read the own account',
  query: noQuery,
  body: noBody,
  replies: { 200: { description: 'The account', schema: account, headers: ['ETag'] } },
  handle: (call) => accountReply(call),
});

export async function accountReply(call: Call): Promise<Reply> {
  const body = await queries.readAccount(call.deps, userIdOf(call));
  return { status: 200, body, headers: { ETag: etagOf(body.version) } };
}
