import type { ReviewCase } from '@prisma/client';
import { z } from 'zod';
import { gradesOf, grantFor } from '../../../foundation/access/evaluate.ts';
import type { RoleGrant } from '../../../foundation/access/roles.ts';
import { type CommandDeps, type CommandScope, defineCommand, type Refusal } from '../../../foundation/command/command.ts';
import { fail, validationError } from '../../../foundation/errors/app-error.ts';
import type { StaffActor } from '../../../foundation/runtime/actor.ts';
import { staffQueries, vendorFacts } from '../../identity/index.ts';
import { isHeld, leadsReview, loadCase, staffIn } from './case-record.ts';
import { giveBack, giveCase, mayHoldMore } from './claim.ts';
import { hasAnswered, requireImpartial } from './conflict.ts';
import { isSelling } from './pause.ts';

type Output = { claimExpiresAt: Date | null; version: number };
type Loaded = { reviewCase: ReviewCase };

const pickInput = z.strictObject({ id: z.uuid() });

/**
 * A lead takes one case by name, past the order of the queue.
 * @throws AppError 403 `conflict_of_interest`, `forbidden`, `four_eyes`, 404 `not_found`, 409 `claimed_by_other`, `claim_limit`,
 *   `transition_not_allowed`, `vendor_not_approved`, `version_conflict`
 */
export const pickCase = defineCommand<z.infer<typeof pickInput>, Output, undefined, Loaded>({
  name: 'pick-case',
  resource: 'review_case',
  access: 'review_case.pick',
  input: pickInput,
  isIdempotent: true,
  load: async (scope, { id }) => ({ reviewCase: await loadCase(scope, id) }),
  subject: ({ reviewCase }) => ({ userId: reviewCase.ownerUserId }),
  version: ({ reviewCase }) => reviewCase.version,
  preview: async () => ['Yours for 30 minutes, past the order of the queue; everything you do with it starts them again.'],
  async run(scope, _input, { reviewCase }) {
    const staff = staffIn(scope);
    if (isHeld(reviewCase, scope.now)) return claimedByOther(reviewCase);
    return handTo(scope, reviewCase, { staffId: staff.id, isLead: leadsReview(staff, scope.now) });
  },
});

const reassignInput = z.strictObject({ id: z.uuid(), staffId: z.uuid() });
type Worker = { staffId: string; isLead: boolean };

/**
 * A lead gives a case to a colleague who reviews; whoever held it is told, and so are they.
 * @throws AppError as pickCase(), and 422 `invalid_value` at `staffId` for somebody who does not review, or may not decide on this one
 */
export const reassignCase = defineCommand<z.infer<typeof reassignInput>, Output, Worker, Loaded>({
  name: 'reassign-case',
  resource: 'review_case',
  access: 'review_case.reassign',
  input: reassignInput,
  isIdempotent: true,
  prepare: (deps, { staffId }) => requireReviewer(deps, staffId),
  load: async (scope, { id }) => ({ reviewCase: await loadCase(scope, id) }),
  subject: ({ reviewCase }) => ({ userId: reviewCase.ownerUserId }),
  version: ({ reviewCase }) => reviewCase.version,
  preview: async () => ['They hold it for 30 minutes and are told. Whoever has it now is told as well.'],
  async run(scope, _input, { reviewCase }, worker) {
    if (reviewCase.claimedBy === worker.staffId && isHeld(reviewCase, scope.now))
      return { claimExpiresAt: reviewCase.claimExpiresAt, version: reviewCase.version };
    return handTo(scope, reviewCase, worker);
  },
});

/** Who holds it and until when, for the sentence beside the button. */
export function claimedByOther({ claimedBy, claimExpiresAt }: ReviewCase): Refusal {
  const claimedUntil = claimExpiresAt?.toISOString() ?? null;
  return { refused: 'claimed_by_other', details: { extra: { rule: 'claimed_by_other', claimedBy, claimedUntil } } };
}

async function handTo(scope: CommandScope, reviewCase: ReviewCase, { staffId, isLead }: Worker): Promise<Output | Refusal> {
  if (reviewCase.status !== 'queued' && reviewCase.status !== 'claimed') return { refused: 'transition_not_allowed' };
  if (reviewCase.needsLead && !isLead) throw validationError([{ path: 'staffId', code: 'invalid_value' }]);
  await requireImpartial(scope, staffId, reviewCase);
  if (await hasAnswered(scope.tx, staffId, reviewCase)) fail('four_eyes', { extra: { rule: 'four_eyes' } });
  await requireStore(scope, reviewCase);
  if (!(await mayHoldMore(scope, staffId))) return { refused: 'claim_limit' };
  // A claim that ended before the worker came to say so, or that a lead ends now.
  const cause = isHeld(reviewCase, scope.now) ? 'reassigned' : 'lapsed';
  const waiting = reviewCase.status === 'claimed' ? await giveBack(scope, reviewCase, cause) : reviewCase;
  const taken = await giveCase(scope, waiting, staffId);
  return { claimExpiresAt: taken.claimExpiresAt, version: taken.version };
}

/** @throws AppError 409 `vendor_not_approved` for a product that could not be published */
async function requireStore({ tx }: CommandScope, { kind, vendorId, sampleOfId }: ReviewCase): Promise<void> {
  if ((kind !== 'product' && kind !== 'product_revision') || sampleOfId) return;
  if (!isSelling((await vendorFacts(tx, [vendorId])).get(vendorId))) fail('vendor_not_approved');
}

/** Whether somebody with these roles takes cases, and whether they lead. */
export function reviewerOf(staffId: string, grants: readonly RoleGrant[], now: Date): Worker | null {
  const person: StaffActor = {
    ...{ kind: 'staff', id: staffId, displayName: '', grants, sessionHash: Buffer.alloc(0), hasMfa: false, factorAt: null },
  };
  if (gradesOf(person, now).length === 0 || grantFor(person, 'review_case.take_next', { now }) === null) return null;
  return { staffId, isLead: leadsReview(person, now) };
}

/** @throws AppError 422 `invalid_value` for nobody, for those who left, and for roles that review nothing */
async function requireReviewer(deps: CommandDeps, staffId: string): Promise<Worker> {
  const worker = reviewerOf(staffId, await staffQueries.activeGrantsOf(deps, staffId), deps.clock.now());
  if (!worker) throw validationError([{ path: 'staffId', code: 'invalid_value' }]);
  return worker;
}
