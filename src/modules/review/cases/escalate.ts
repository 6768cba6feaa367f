import type { ReviewCase } from '@prisma/client';
import { z } from 'zod';
import { defineCommand } from '../../../foundation/command/command.ts';
import { fail } from '../../../foundation/errors/app-error.ts';
import { holds, loadCase, staffIn } from './case-record.ts';
import { giveBack } from './claim.ts';
import { requireWords } from './decision.ts';

const input = z.strictObject({ id: z.uuid(), text: z.string().trim().max(500).optional() });
type Loaded = { reviewCase: ReviewCase; staffId: string };

/** An escalated case comes before what is ordinary, and stays within what a priority can be. */
const step = 20;

/**
 * The holder asks a lead to decide, in words: the case goes back into the queue, for leads only, with its checklist and before others.
 * @throws AppError 403 `forbidden`, 404 `not_found`, 409 `transition_not_allowed`, `version_conflict`, 422 `required`, `too_short` at `text`
 */
export const escalateCase = defineCommand<z.infer<typeof input>, { status: string; version: number }, undefined, Loaded>({
  name: 'escalate-case',
  resource: 'review_case',
  access: 'review_case.release',
  input,
  isIdempotent: true,
  load: async (scope, { id }) => ({ reviewCase: await loadCase(scope, id), staffId: staffIn(scope).id }),
  subject: ({ reviewCase, staffId }) => ({ userId: reviewCase.ownerUserId, isOwn: reviewCase.claimedBy === staffId }),
  version: ({ reviewCase }) => reviewCase.version,
  preview: async () => ['A lead decides. The vendor is told nothing; the clock goes on.'],
  async run(scope, { text }, { reviewCase, staffId }) {
    if (reviewCase.status !== 'claimed') return { refused: 'transition_not_allowed' };
    if (!holds(reviewCase, staffId, scope.now)) fail('forbidden', { extra: { rule: 'not_yours', sentence: 'access.not_yours' } });
    const { status, version } = await giveBack(scope, reviewCase, 'escalated', {
      ...{ needsLead: true, priority: Math.min(100, reviewCase.priority + step) },
      ...{ escalatedAt: scope.now, escalatedBy: staffId, escalationReason: requireWords(text) },
    });
    return { status, version };
  },
});
