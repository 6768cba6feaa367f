import { z } from 'zod';
import { queries } from '../../modules/identity/index.ts';
import { defineEndpoint, noBody, noQuery } from '../define-endpoint.ts';
import { userIdOf } from '../execute.ts';
import { identity } from '../shapes.ts';

/** GET /account/identities: accounts of providers that can sign in here. */
export const listIdentities = defineEndpoint({
  summary: 'List linked accounts',
  query: noQuery,
  body: noBody,
  replies: { 200: { description: 'Linked accounts, oldest first', schema: z.strictObject({ items: z.array(identity) }) } },
  async handle(call) {
    return { status: 200, body: { items: await queries.listIdentities(call.deps, userIdOf(call)) } };
  },
});
