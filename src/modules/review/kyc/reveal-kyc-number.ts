import type { z } from 'zod';
import { defineCommand } from '../../../foundation/command/command.ts';
import { useDailyQuota } from '../../../foundation/command/daily-quota.ts';
import { actorIdOf } from '../../../foundation/runtime/actor.ts';
import { personBox } from '../../identity/index.ts';
import { numberBox } from './kyc-fields.ts';
import { documentInput, documentSubject, loadDocument, type ReachedDocument, renewClaim } from './load-document.ts';

const shownSeconds = 60;

/** `value` is shown for `shownSeconds` and kept nowhere. */
export type RevealedNumber = { documentId: string; value: string; quotaLeft: number; shownSeconds: number };

/**
 * The number of one document in clear, under the rules of opening it.
 * @throws AppError 403 `quota_exceeded`, 404 `not_found` also for a document without a number
 */
export const revealKycNumber = defineCommand<z.infer<typeof documentInput>, RevealedNumber, undefined, ReachedDocument>({
  name: 'reveal-kyc-number',
  resource: 'kyc_document',
  access: 'kyc_document.reveal_number',
  input: documentInput,
  isIdempotent: false,
  load: loadDocument,
  subject: documentSubject,
  async preview() {
    return [
      `Shows one number for ${shownSeconds} seconds.`,
      "Uses one of today's reveals. Your name, the reason and the document are recorded.",
    ];
  },
  async run(scope, { id, documentId }, { submission: { ownerUserId }, document, caseId }) {
    const box = await personBox(scope.deps, scope.tx, ownerUserId);
    if (!box || !document.numberEnc) return { refused: 'not_found' };
    const value = box.open(numberBox(documentId), document.numberEnc);
    const quotaLeft = await useDailyQuota(scope, 'reveals');
    await renewClaim(scope, caseId);
    scope.touched(documentId, id, ownerUserId);
    scope.note(`number of ${document.type}${caseId ? `, case ${caseId}` : ', without a case'}`);
    scope.emit({
      name: 'identity.pii.revealed',
      aggregateId: ownerUserId,
      payload: { actorId: actorIdOf(scope.actor), userId: ownerUserId, field: `kyc_number.${document.type}`, quotaLeft },
    });
    return { documentId, value, quotaLeft, shownSeconds };
  },
});
