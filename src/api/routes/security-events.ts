import { z } from 'zod';
import { queries } from '../../modules/identity/index.ts';
import { defineEndpoint, noBody, noQuery } from '../define-endpoint.ts';
import { userIdOf } from '../execute.ts';
import { cursor, pageLimit } from '../fields.ts';
import { pathId } from '../path-id.ts';
import { securityEventPage, securityEventProof } from '../shapes.ts';

/** GET /account/security-events: what was done to the own account, by whom it is the caller's to know. */
export const listSecurityEvents = defineEndpoint({
  summary: 'List what happened to the own account',
  query: z.strictObject({ limit: pageLimit, cursor }),
  body: noBody,
  replies: { 200: { description: 'A page, newest first', schema: securityEventPage } },
  async handle(call, { query }) {
    return { status: 200, body: await queries.listSecurityEvents(call.deps, userIdOf(call), query) };
  },
});

/** GET /account/security-events/{id}/proof: that the record of an own event is in the signed history, to be checked offline. */
export const proveSecurityEvent = defineEndpoint({
  summary: 'Prove an event of the own account',
  query: noQuery,
  body: noBody,
  replies: { 200: { description: 'Inclusion proof in a signed checkpoint', schema: securityEventProof } },
  errors: ['not_found', 'proof_pending'],
  async handle(call) {
    const { sealed, checkpoint, path } = await queries.proveSecurityEvent(call.deps, userIdOf(call), pathId(call));
    return {
      status: 200,
      body: {
        leafHash: sealed.hash.toString('hex'),
        index: sealed.seq,
        treeSize: checkpoint.size,
        path: path.map((node) => node.toString('hex')),
        checkpoint: {
          root: checkpoint.root.toString('hex'),
          signedAt: checkpoint.at,
          kid: checkpoint.keyId,
          signature: checkpoint.signature,
        },
      },
    };
  },
});
