import type { ReviewCase } from '@prisma/client';
import { z } from 'zod';
import { type CommandScope, defineCommand } from '../../../foundation/command/command.ts';
import { AppError } from '../../../foundation/errors/app-error.ts';
import { vendorFacts } from '../../identity/index.ts';
import { leadsReview, moveCase, staffIn } from './case-record.ts';
import { giveCase, mayHoldMore } from './claim.ts';
import { conflictsWith, isAuthorOf } from './conflict.ts';
import { isSelling, standStill } from './pause.ts';
import { subjectFacts } from './subject.ts';
import { lockFirst, type Passed, waitingCases } from './waiting.ts';

const input = z.strictObject({});
type Output = { caseId: string | null; kind: ReviewCase['kind'] | null; title: string | null; isUnchanged: boolean };
type Loaded = { mayTake: boolean; staffId: string };

/** Looked at in one go; and how often at most, for somebody who may take none of what waits. */
const batch = 50;
const looksAtMost = 40;

/**
 * Hands the caller the waiting case of highest priority, then the one due first, then the riskiest (F87). Passed by are cases of people
 * the caller is tied to (F88), what they wrote or answered themselves, what needs a lead, and products whose store is not approved.
 * Cases that others take at this moment are skipped, so that n parallel calls get n different cases, or nothing.
 * @throws AppError 409 `claim_limit` for somebody who holds three
 */
export const takeNext = defineCommand<z.infer<typeof input>, Output, undefined, Loaded>({
  name: 'take-next-case',
  resource: 'review_case',
  access: 'review_case.take_next',
  input,
  isIdempotent: true,
  async load(scope) {
    const staffId = staffIn(scope).id;
    return { staffId, mayTake: await mayHoldMore(scope, staffId) };
  },
  preview: async () => ['Gives you the case that waits most urgently, for 30 minutes.'],
  async run(scope, _input, { mayTake }) {
    if (!mayTake) return { refused: 'claim_limit' };
    const taken = await takeFirst(scope);
    if (!taken) return { caseId: null, kind: null, title: null, isUnchanged: true };
    return { caseId: taken.id, kind: taken.kind, title: taken.title, isUnchanged: false };
  },
});

async function takeFirst(scope: CommandScope): Promise<ReviewCase | null> {
  const staff = staffIn(scope);
  const passed: Passed = { cases: new Set(), owners: new Set([staff.id]) };
  const asked = { staffId: staff.id, isLead: leadsReview(staff, scope.now), limit: batch };
  for (let look = 0; look < looksAtMost; look += 1) {
    const waiting = await waitingCases(scope.tx, asked, passed);
    if (waiting.length === 0) return null;
    const tied = await conflictsWith(
      scope.tx,
      staff.id,
      waiting.map(({ ownerUserId }) => ownerUserId),
    );
    for (const ownerId of tied.keys()) passed.owners.add(ownerId);
    const open = waiting.filter(({ ownerUserId }) => !tied.has(ownerUserId)).map(({ id }) => id);
    const taken = await takeOneOf(scope, open, passed);
    if (taken) return taken;
  }
  return null;
}

/** The first of these that nobody else is taking, and that can be taken; the others are passed by. */
async function takeOneOf(scope: CommandScope, ids: readonly string[], passed: Passed): Promise<ReviewCase | null> {
  const staffId = staffIn(scope).id;
  const left = new Set(ids);
  while (left.size > 0) {
    const waiting = await lockFirst(scope.tx, [...left]);
    if (!waiting) break;
    left.delete(waiting.id);
    passed.cases.add(waiting.id);
    const taken = await tryToTake(scope, waiting, staffId);
    if (taken) return taken;
  }
  for (const id of left) passed.cases.add(id);
  return null;
}

async function tryToTake(scope: CommandScope, waiting: ReviewCase, staffId: string): Promise<ReviewCase | null> {
  if (await isAuthorOf(scope.tx, staffId, waiting)) return null;
  if (await waitsForStore(scope, waiting)) return null;
  if (await isOver(scope, waiting)) return null;
  try {
    return await giveCase(scope, waiting, staffId);
  } catch (error) {
    // Its subject moved between the look and the lock, and nothing is written yet: the event of that is on its way.
    if (error instanceof AppError && error.code === 'transition_not_allowed') return null;
    throw error;
  }
}

/** The store lost its approval, and the event is still on its way: the clock stops here. */
async function waitsForStore(scope: CommandScope, { id, kind, vendorId, sampleOfId }: ReviewCase): Promise<boolean> {
  if ((kind !== 'product' && kind !== 'product_revision') || sampleOfId) return false;
  if (isSelling((await vendorFacts(scope.tx, [vendorId])).get(vendorId))) return false;
  await standStill(scope, { vendorId, id });
  return true;
}

/** What the case was about is not waiting any more: the case ends with it. */
async function isOver(scope: CommandScope, waiting: ReviewCase): Promise<boolean> {
  if (waiting.sampleOfId) return false;
  const facts = await subjectFacts(scope.tx, waiting);
  if (facts?.state === 'waiting') return false;
  await moveCase(scope, waiting, 'withdraw');
  return true;
}
