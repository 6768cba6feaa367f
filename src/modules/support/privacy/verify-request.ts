import type { z } from 'zod';
import { defineCommand } from '../../../foundation/command/command.ts';
import { askerOf } from '../asker.ts';
import { checksOfCall, passedChecks } from '../identity-check.ts';
import { loadPrivacy, type PrivacyRecord, privacyInput, privacySubject } from './privacy-record.ts';
import { movePrivacy } from './privacy-request.ts';

/** `checks`: items that passed; default: those of the caller check recorded for this call. */
const input = privacyInput.extend({ checks: passedChecks.optional() });

/**
 * received -> identity_verified: the person is who they say. Which items passed is kept, never an answer.
 * @throws AppError 403 `forbidden`, 404 `not_found`, 409 `transition_not_allowed`, `version_conflict`, 422 `caller_check_required`
 */
export const verifyPrivacyRequest = defineCommand<z.infer<typeof input>, { version: number }, undefined, PrivacyRecord>({
  name: 'verify-privacy-request',
  resource: 'privacy_request',
  access: 'privacy_request.verify_identity',
  input,
  isIdempotent: true,
  load: loadPrivacy,
  subject: privacySubject,
  version: ({ request }) => request.version,
  preview: async () => ['Records that the person proved who they are. Nothing changes before it is approved.'],
  async run(scope, { checks }, { request }) {
    const passed = await checksOfCall(scope, request.subjectUserId, checks);
    if (!passed) return { refused: 'caller_check_required' };
    const { by } = askerOf(scope);
    const moved = await movePrivacy(scope, request, 'verify', {
      ...{ checklist: passed, verifiedBy: by, verifiedAt: scope.now, handledBy: by },
      ...(request.ticketId === null ? { ticketId: scope.ticketId } : {}),
    });
    return moved ? { version: moved.version } : { refused: 'transition_not_allowed' };
  },
});
