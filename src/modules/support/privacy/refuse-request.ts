import { z } from 'zod';
import { defineCommand } from '../../../foundation/command/command.ts';
import { askerOf } from '../asker.ts';
import { cancelApproval } from '../open-approval.ts';
import { loadPrivacy, type PrivacyRecord, privacyInput, privacySubject, tells } from './privacy-record.ts';
import { movePrivacy } from './privacy-request.ts';

/** Grounds on which the law lets a request be refused (NDPA, GDPR articles 12, 17 and 21). */
export const legalCodes = [
  ...(['identity_not_proven', 'unfounded', 'excessive', 'legal_obligation', 'legal_claims'] as const),
  ...(['rights_of_others', 'overriding_interest', 'no_such_data'] as const),
] as const;

const input = privacyInput.extend({
  legalCode: z.enum(legalCodes),
  /** What the person reads. */
  text: z.string().trim().min(20).max(2000),
});

/**
 * received, identity_verified, approved -> refused, on a ground of the law and with the words that the person reads. An approval
 * that was asked for ends with it.
 * @throws AppError 403 `forbidden`, `step_up_required`, 404 `not_found`, 409 `transition_not_allowed`, `version_conflict`, 422
 * `required`, `too_short`, `too_long`
 */
export const refusePrivacyRequest = defineCommand<z.infer<typeof input>, { version: number }, undefined, PrivacyRecord>({
  name: 'refuse-privacy-request',
  resource: 'privacy_request',
  access: 'privacy_request.refuse',
  input,
  isIdempotent: true,
  load: loadPrivacy,
  subject: privacySubject,
  version: ({ request }) => request.version,
  preview: async (_scope, _input, record) => ['Ends the request. The text goes to the person as you write it.', tells(record)],
  async run(scope, { legalCode, text }, { request }) {
    const { by, words } = askerOf(scope);
    const moved = await movePrivacy(scope, request, 'refuse', {
      ...{ refusalCode: legalCode, refusalText: text, handledBy: by },
      ...{ decidedBy: by, decidedAt: scope.now, decisionReason: words },
    });
    if (!moved) return { refused: 'transition_not_allowed' };
    if (request.approvalId) await cancelApproval(scope, request.approvalId);
    return { version: moved.version };
  },
});
