import type { z } from 'zod';
import type { PermissionKey } from '../../../foundation/access/matrix.ts';
import { defineCommand } from '../../../foundation/command/command.ts';
import { askerOf } from '../asker.ts';
import { loadPrivacy, type PrivacyRecord, privacyInput, privacySubject, tells } from './privacy-record.ts';
import { movePrivacy, type PrivacyStatus } from './privacy-request.ts';

type Kind = PrivacyRecord['request']['kind'];

/** The row of the permission matrix behind the approval of a kind; an erasure's is that of the two-person request. */
export function privacyRight(kind: Kind): PermissionKey {
  return kind === 'erase' ? 'user.erase' : `privacy_request.approve_${kind}`;
}

const effects: Readonly<Record<Kind, string>> = {
  export: 'Makes a file of everything that is held about the person. Only they can fetch it, once, within a day.',
  erase: 'An erasure takes two people: ask for its approval.',
  restrict: 'The data is kept and not used any more, except to answer the person.',
  object: 'The purposes that the person objects to are noted; nothing is done with the data for them any more.',
  rectify: 'Changes nothing by itself: correct the profile next, then write down what was corrected.',
};

/**
 * identity_verified -> approved. The worker carries out what was asked; an erasure is approved by two people and not here.
 * @throws AppError 403 `forbidden`, `four_eyes` for an erasure, `step_up_required`, 404 `not_found`, 409 `transition_not_allowed`,
 * `version_conflict`
 */
export const approvePrivacyRequest = defineCommand<
  z.infer<typeof privacyInput>,
  { status: PrivacyStatus; version: number },
  undefined,
  PrivacyRecord
>({
  name: 'approve-privacy-request',
  resource: 'privacy_request',
  access: 'privacy_request.approve_export',
  input: privacyInput,
  isIdempotent: true,
  load: loadPrivacy,
  rightOf: ({ request }) => (request.kind === 'erase' ? 'privacy_request.approve_export' : privacyRight(request.kind)),
  subject: privacySubject,
  version: ({ request }) => request.version,
  preview: async (_scope, _input, record) => [effects[record.request.kind], tells(record)],
  async run(scope, _input, { request }) {
    if (request.kind === 'erase') return { refused: 'four_eyes', details: { extra: { rule: 'two_person' } } };
    const { by, words } = askerOf(scope);
    const moved = await movePrivacy(scope, request, 'approve', {
      decidedBy: by,
      decidedAt: scope.now,
      decisionReason: words,
      handledBy: by,
    });
    return moved ? { status: moved.status, version: moved.version } : { refused: 'transition_not_allowed' };
  },
});
