import type { PrivacyRequest } from '@prisma/client';
import type { z } from 'zod';
import { type CommandScope, defineCommand } from '../../../foundation/command/command.ts';
import { addObjections, objectablePurposes, setRestriction } from '../../identity/index.ts';
import { loadPrivacy, type PrivacyRecord, privacyInput } from './privacy-record.ts';
import { movePrivacy, requireStep } from './privacy-request.ts';

type Output = { progress: 'done' | 'waiting' | 'nothing' };

/**
 * approved -> processing -> completed, in one transaction with what was asked for: restricting, noting an objection. A rectification
 * stops at `processing`, since a person corrects the profile. Repeating it finds nothing to do.
 */
export const carryOutPrivacy = defineCommand<z.infer<typeof privacyInput>, Output, undefined, PrivacyRecord>({
  name: 'carry-out-privacy-request',
  resource: 'privacy_request',
  access: 'system',
  input: privacyInput,
  isIdempotent: false,
  load: loadPrivacy,
  async run(scope, _input, { request, customer }) {
    const { kind } = request;
    if (kind === 'export' || kind === 'erase' || customer.user.status === 'erased') return { progress: 'nothing' };
    const begun = await movePrivacy(scope, request, 'process');
    if (!begun) return { progress: 'nothing' };
    if (kind === 'rectify') return { progress: 'waiting' };
    const counts = await carryOut(scope, begun);
    await requireStep(scope, begun, 'complete', { completedAt: scope.now, counts });
    return { progress: 'done' };
  },
});

/** Rows that changed, by table; none where it was so already. */
async function carryOut(scope: CommandScope, { kind, subjectUserId, purposes }: PrivacyRequest): Promise<Record<string, number>> {
  if (kind === 'restrict') return { 'identity.user': (await setRestriction(scope, subjectUserId, true)) ? 1 : 0 };
  const known = objectablePurposes.filter((purpose) => purposes.includes(purpose));
  const added = await addObjections(scope, subjectUserId, known);
  return { 'identity.user': added.length > 0 ? 1 : 0 };
}
