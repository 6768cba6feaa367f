import { z } from 'zod';
import { documentTypes, type KycView, readOwnKyc, submitKyc } from '../../modules/review/index.ts';
import { defineEndpoint, noBody, noQuery } from '../define-endpoint.ts';
import type { Reply } from '../endpoint.ts';
import { execute, userIdOf } from '../execute.ts';
import { etagOf, ifMatchOf } from '../if-match.ts';
import { kyc } from '../shapes.ts';

/** GET /account/vendor/kyc: the own proofs; a draft without an id while nothing was ever handed in. */
export const readKyc = defineEndpoint({
  summary: 'Read the own proofs of identity',
  query: noQuery,
  body: noBody,
  replies: { 200: { description: 'The submission', schema: kyc, headers: ['ETag'] } },
  errors: ['role_required'],
  handle: async (call) => kycReply(200, await readOwnKyc(call.deps, userIdOf(call))),
});

/** POST /account/vendor/kyc: hands the own proofs in, for the first time or again. */
export const sendKyc = defineEndpoint({
  summary: 'Hand in the own proofs of identity',
  query: noQuery,
  body: z
    .strictObject({
      legalName: z.string(),
      documents: z
        .array(z.strictObject({ type: z.enum(documentTypes), documentNumber: z.string().nullish(), fileId: z.uuid() }))
        .min(1)
        .max(documentTypes.length),
    })
    .meta({ id: 'KycInput' }),
  replies: { 202: { description: 'The submission, waiting for its review', schema: kyc, headers: ['ETag'] } },
  errors: [
    ...['role_required', 'not_found', 'kyc_in_review', 'transition_not_allowed', 'version_conflict'],
    ...['document_number_invalid', 'name_invalid', 'required', 'invalid_value'],
  ],
  async handle(call, { body }) {
    const { output } = await execute(call, submitKyc, { input: body, ...ifMatchOf(call.req) });
    return kycReply(202, output);
  },
});

function kycReply(status: 200 | 202, view: KycView): Reply {
  return { status, body: kyc.parse(view), headers: { ETag: etagOf(view.version) } };
}
