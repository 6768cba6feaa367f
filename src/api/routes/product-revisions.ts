import { z } from 'zod';
import { fail } from '../../foundation/errors/app-error.ts';
import { uuidPattern } from '../../foundation/runtime/new-id.ts';
import { ownProductCommands, ownProductQueries } from '../../modules/catalog/index.ts';
import { defineEndpoint, noBody, noQuery } from '../define-endpoint.ts';
import type { Call, Reply } from '../endpoint.ts';
import { execute, userIdOf } from '../execute.ts';
import { cursor, pageLimit } from '../fields.ts';
import { etagOf, ifMatchOf } from '../if-match.ts';
import { pathId } from '../path-id.ts';
import { ownRevision, ownRevisionPage } from '../product-shapes.ts';

const found = { description: 'The revision', schema: ownRevision, headers: ['ETag'] };
const decided = { ...found, description: 'The revision as it is now' };
const byVersion = ['role_required', 'not_found', 'if_match_required', 'version_conflict', 'transition_not_allowed'];

/** GET /account/vendor/products/{id}/revisions: own changes and suggestions, newest first. */
export const listRevisions = defineEndpoint({
  summary: 'List changes and suggestions of an own product',
  query: z.strictObject({ limit: pageLimit, cursor }),
  body: noBody,
  replies: { 200: { description: 'A page, newest first', schema: ownRevisionPage } },
  errors: ['role_required', 'not_found'],
  handle: async (call, { query }) => ({
    status: 200,
    body: await ownProductQueries.listOwnRevisions(call.deps, userIdOf(call), { productId: pathId(call), ...query }),
  }),
});

/** GET /account/vendor/products/{id}/revisions/{revisionId} */
export const readRevision = defineEndpoint({
  summary: 'Read a change or suggestion of an own product',
  query: noQuery,
  body: noBody,
  replies: { 200: found },
  errors: ['role_required', 'not_found'],
  handle: (call) => revisionReply(call),
});

/** POST …/revisions/{revisionId}/accept: all of a suggestion, or the fields that are named; live at once. */
export const acceptSuggestion = defineEndpoint({
  summary: 'Accept a suggestion, or fields of it',
  query: noQuery,
  body: z.strictObject({ fields: z.array(z.string()).optional() }),
  replies: { 200: decided },
  errors: [...byVersion, 'four_eyes', 'subject_changed', 'required', 'invalid_value'],
  async handle(call, { body }) {
    await execute(call, ownProductCommands.acceptOwnSuggestion, { input: { ...pathIds(call), ...body }, ...ifMatchOf(call.req) });
    return revisionReply(call);
  },
});

/** POST …/revisions/{revisionId}/reject: declines a suggestion with a note to whoever wrote it. */
export const rejectSuggestion = defineEndpoint({
  summary: 'Decline a suggestion',
  query: noQuery,
  body: z.strictObject({ note: z.string() }),
  replies: { 200: decided },
  errors: [...byVersion, 'four_eyes', 'required', 'too_long'],
  async handle(call, { body }) {
    await execute(call, ownProductCommands.rejectOwnSuggestion, { input: { ...pathIds(call), ...body }, ...ifMatchOf(call.req) });
    return revisionReply(call);
  },
});

/** POST …/revisions/{revisionId}/withdraw: takes an own change back that waits. */
export const withdrawRevision = defineEndpoint({
  summary: 'Take an own change back',
  query: noQuery,
  body: noBody,
  replies: { 200: decided },
  errors: [...byVersion, 'forbidden'],
  async handle(call) {
    await execute(call, ownProductCommands.withdrawOwnRevision, { input: pathIds(call), ...ifMatchOf(call.req) });
    return revisionReply(call);
  },
});

/** Both ids of the path. @throws AppError 404 `not_found` */
function pathIds(call: Call): { productId: string; id: string } {
  const id = String(call.params.revisionId).toLowerCase();
  return { productId: pathId(call), id: uuidPattern.test(id) ? id : fail('not_found') };
}

async function revisionReply(call: Call): Promise<Reply> {
  const revision = await ownProductQueries.readOwnRevision(call.deps, userIdOf(call), pathIds(call));
  return { status: 200, body: revision, headers: { ETag: etagOf(revision.version) } };
}
