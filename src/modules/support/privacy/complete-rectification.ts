import { z } from 'zod';
import { defineCommand } from '../../../foundation/command/command.ts';
import { askerOf } from '../asker.ts';
import { loadPrivacy, type PrivacyRecord, privacyInput, privacySubject, tells } from './privacy-record.ts';
import { movePrivacy } from './privacy-request.ts';

const input = privacyInput.extend({ outcome: z.string().trim().min(10).max(2000) });

/**
 * processing -> completed for a rectification: somebody corrected the profile, and writes down what. The person is told.
 * @throws AppError 403 `forbidden`, 404 `not_found`, 409 `transition_not_allowed`, `version_conflict`, 422 `too_short`, `too_long`
 */
export const completeRectification = defineCommand<z.infer<typeof input>, { version: number }, undefined, PrivacyRecord>({
  name: 'complete-rectification',
  resource: 'privacy_request',
  access: 'privacy_request.complete_rectify',
  input,
  isIdempotent: true,
  load: loadPrivacy,
  subject: privacySubject,
  version: ({ request }) => request.version,
  preview: async (_scope, _input, record) => ['Ends the request. Correct the profile before.', tells(record)],
  async run(scope, { outcome }, { request }) {
    if (request.kind !== 'rectify') return { refused: 'transition_not_allowed' };
    const moved = await movePrivacy(scope, request, 'complete', { completedAt: scope.now, outcome, handledBy: askerOf(scope).by });
    return moved ? { version: moved.version } : { refused: 'transition_not_allowed' };
  },
});
