import type { ReviewCase } from '@prisma/client';
import { z } from 'zod';
import { defineCommand } from '../../../foundation/command/command.ts';
import { addSeconds } from '../../../foundation/runtime/clock.ts';
import { leaseSeconds } from '../case-rules.ts';
import { holds, loadCase, staffIn } from './case-record.ts';
import { giveBack } from './claim.ts';
import { claimedByOther } from './hand-over.ts';

const input = z.strictObject({ id: z.uuid() });
type Input = z.infer<typeof input>;
type Loaded = { reviewCase: ReviewCase; staffId: string };

/**
 * Gives a case back to the queue, and its subject: by whoever holds it, or by a lead. Answers of the checklist stay for the next one.
 * @throws AppError 403 `forbidden`, 404 `not_found`, 409 `transition_not_allowed`, `version_conflict`
 */
export const releaseCase = defineCommand<Input, { status: string; version: number }, undefined, Loaded>({
  name: 'release-case',
  resource: 'review_case',
  access: 'review_case.release',
  input,
  isIdempotent: true,
  load: async (scope, { id }) => ({ reviewCase: await loadCase(scope, id), staffId: staffIn(scope).id }),
  subject: ({ reviewCase, staffId }) => ({ userId: reviewCase.ownerUserId, isOwn: reviewCase.claimedBy === staffId }),
  version: ({ reviewCase }) => reviewCase.version,
  preview: async () => ['It waits in the queue again, with the checklist as it is.'],
  async run(scope, _input, { reviewCase }) {
    if (reviewCase.status !== 'claimed') return { refused: 'transition_not_allowed' };
    const { status, version } = await giveBack(scope, reviewCase, 'released');
    return { status, version };
  },
});

/**
 * Says that whoever holds a case is at work: the half hour starts again. The version stays, so that somebody who writes does not meet a
 * conflict with themselves. The first renewal of a claim is on record; the screen repeats it every few minutes, and these leave no row.
 * @throws AppError 403 `forbidden`, 404 `not_found`, 409 `claimed_by_other`, `transition_not_allowed`
 */
export const touchCase = defineCommand<Input, { claimExpiresAt: Date; version: number }, undefined, Loaded & { isHolder: boolean }>({
  name: 'renew-claim',
  resource: 'review_case',
  access: 'review_case.prepare',
  input,
  isIdempotent: false,
  async load(scope, { id }) {
    const [reviewCase, staffId] = [await loadCase(scope, id), staffIn(scope).id];
    return { reviewCase, staffId, isHolder: holds(reviewCase, staffId, scope.now) };
  },
  subject: ({ reviewCase, isHolder }) => ({ userId: reviewCase.ownerUserId, isOwn: isHolder }),
  preview: async () => ['Yours for another 30 minutes.'],
  async run(scope, _input, { reviewCase, isHolder }) {
    const { id, status, claimedBy, version } = reviewCase;
    if (status !== 'claimed') return { refused: 'transition_not_allowed' };
    if (!isHolder) return claimedByOther(reviewCase);
    const claimExpiresAt = addSeconds(scope.now, leaseSeconds);
    await scope.tx.reviewCase.updateMany({ where: { id, status, claimedBy }, data: { claimExpiresAt, lapseToldAt: null } });
    scope.touched(id);
    if (wasRenewed(reviewCase)) scope.repeatsSignOfLife();
    return { claimExpiresAt, version };
  },
});

/** Whether anything kept the claim alive since it began. */
function wasRenewed({ claimedAt, claimExpiresAt }: ReviewCase): boolean {
  if (!claimedAt || !claimExpiresAt) return false;
  return claimExpiresAt.getTime() > addSeconds(claimedAt, leaseSeconds).getTime();
}
