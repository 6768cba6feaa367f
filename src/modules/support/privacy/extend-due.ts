import { z } from 'zod';
import { defineCommand } from '../../../foundation/command/command.ts';
import { addSeconds } from '../../../foundation/runtime/clock.ts';
import { askerOf } from '../asker.ts';
import { loadPrivacy, type PrivacyRecord, privacyInput, privacySubject, tells } from './privacy-record.ts';
import { emitPrivacy, openStatuses } from './privacy-request.ts';

/** Two further months where a request is complex (GDPR article 12.3). */
const maxDays = 60;

const input = privacyInput.extend({ days: z.coerce.number().int().min(1).max(maxDays) });

/**
 * Gives a complex request more time, once, and before its time is over; the alerts of the clock start anew. The person is told why.
 * @throws AppError 403 `forbidden`, `step_up_required`, 404 `not_found`, 409 `transition_not_allowed`, `version_conflict`, 422
 * `too_large`
 */
export const extendDueDate = defineCommand<z.infer<typeof input>, { extendedTo: Date; version: number }, undefined, PrivacyRecord>({
  name: 'extend-due-date',
  resource: 'privacy_request',
  access: 'privacy_request.extend',
  input,
  isIdempotent: true,
  load: loadPrivacy,
  subject: privacySubject,
  version: ({ request }) => request.version,
  async preview(_scope, { days }, record) {
    return [
      `Due on ${addSeconds(record.request.dueAt, days * 86_400)
        .toISOString()
        .slice(0, 10)} instead.`,
      tells(record),
    ];
  },
  async run(scope, { days }, { request }) {
    const { by, words } = askerOf(scope);
    const extendedTo = addSeconds(request.dueAt, days * 86_400);
    // Two colleagues at once: the person is locked, and the second finds it extended.
    const [moved] = await scope.tx.privacyRequest.updateManyAndReturn({
      where: { id: request.id, version: request.version, extendedTo: null, dueAt: { gt: scope.now }, status: { in: [...openStatuses] } },
      data: { extendedTo, extensionReason: words, alertedDays: 0, handledBy: by, version: { increment: 1 } },
    });
    if (!moved) return { refused: 'transition_not_allowed' };
    scope.touched(request.id, request.subjectUserId);
    emitPrivacy(scope, 'support.privacy.extended', moved);
    return { extendedTo, version: moved.version };
  },
});
