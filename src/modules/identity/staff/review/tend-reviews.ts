import type { AccessReview } from '@prisma/client';
import { z } from 'zod';
import { type CommandScope, defineCommand } from '../../../../foundation/command/command.ts';
import { addSeconds } from '../../../../foundation/runtime/clock.ts';
import { newId } from '../../../../foundation/runtime/new-id.ts';
import { quarterOf, startOfQuarter } from './quarter.ts';

const input = z.strictObject({});
const daySeconds = 86_400;
/** From the beginning of the quarter, or of the review where that came later. */
const dueDays = 30;
const lapseDays = 14;
const remindDays = 7;

type Tended = { opened: number; reminded: number; lapsed: number };

/**
 * Opens the review of the quarter with a line for each grant in force, reminds a week before it is due, and 14 days after that ends
 * what nobody confirmed. Super admins are taken away by an operator alone and emergencies end by themselves: neither has a line.
 * Repeating it, also in two workers, does nothing more.
 */
export const tendReviews = defineCommand<z.infer<typeof input>, Tended>({
  name: 'tend-access-reviews',
  resource: 'access_review',
  access: 'system',
  input,
  isIdempotent: false,
  async run(scope) {
    const done = { opened: await open(scope), reminded: await remind(scope), lapsed: await lapse(scope) };
    if (done.opened + done.reminded + done.lapsed > 0) {
      scope.note(`lines opened ${done.opened}, reviews reminded of ${done.reminded}, grants lapsed ${done.lapsed}`);
    }
    return done;
  },
});

async function open(scope: CommandScope): Promise<number> {
  const { tx, now } = scope;
  const quarter = quarterOf(now);
  if ((await tx.accessReview.count({ where: { quarter } })) > 0) return 0;
  const held = await tx.staffRoleGrant.findMany({
    where: {
      revokedAt: null,
      isBreakGlass: false,
      role: { not: 'super_admin' },
      OR: [{ expiresAt: null }, { expiresAt: { gt: now } }],
      user: { status: 'active' },
    },
    select: { id: true, userId: true },
    orderBy: { id: 'asc' },
  });
  // An installation of which nobody is known yet has nothing to review: the next run looks again.
  if (held.length === 0) return 0;
  const id = newId();
  const dueAt = addSeconds(laterOf(now, startOfQuarter(now)), dueDays * daySeconds);
  const { count } = await tx.accessReview.createMany({
    data: { id, createdAt: now, quarter, dueAt, lapseAt: addSeconds(dueAt, lapseDays * daySeconds) },
    skipDuplicates: true,
  });
  // Another worker was faster: its lines are the review.
  if (count === 0) return 0;
  await tx.accessReviewLine.createMany({
    data: held.map((grant) => ({ id: newId(), createdAt: now, reviewId: id, grantId: grant.id, userId: grant.userId })),
  });
  scope.touched(id);
  scope.emit({ name: 'identity.access_review.opened', aggregateId: id, payload: { reviewId: id, quarter, dueAt: dueAt.toISOString() } });
  return held.length;
}

const laterOf = (a: Date, b: Date): Date => (a > b ? a : b);

async function remind(scope: CommandScope): Promise<number> {
  const { tx, now } = scope;
  const due = await tx.accessReview.updateManyAndReturn({
    where: {
      remindedAt: null,
      signedOffAt: null,
      dueAt: { lte: addSeconds(now, remindDays * daySeconds) },
      lines: { some: { decision: null, grant: { revokedAt: null } } },
    },
    data: { remindedAt: now },
  });
  for (const { id, quarter, dueAt } of due) {
    scope.touched(id);
    scope.emit({
      name: 'identity.access_review.due_soon',
      aggregateId: id,
      payload: { reviewId: id, quarter, dueAt: dueAt.toISOString() },
    });
  }
  return due.length;
}

async function lapse(scope: CommandScope): Promise<number> {
  const { tx, now } = scope;
  const over = await tx.accessReview.updateManyAndReturn({ where: { lapsedAt: null, lapseAt: { lte: now } }, data: { lapsedAt: now } });
  let lapsed = 0;
  for (const review of over) lapsed += await endUnconfirmed(scope, review);
  return lapsed;
}

/** The lines are decided first, each by a conditional UPDATE: a confirmation of the same moment either stands or comes too late. */
async function endUnconfirmed(scope: CommandScope, { id, quarter }: Pick<AccessReview, 'id' | 'quarter'>): Promise<number> {
  const { tx, now } = scope;
  const reason = `not confirmed in the access review of ${quarter}`;
  const lines = await tx.accessReviewLine.updateManyAndReturn({
    where: { reviewId: id, decision: null, grant: { revokedAt: null } },
    data: { decision: 'lapsed', decidedAt: now, reason },
    select: { grantId: true },
  });
  const ended = await tx.staffRoleGrant.updateManyAndReturn({
    where: { id: { in: lines.map(({ grantId }) => grantId) }, revokedAt: null },
    data: { revokedAt: now, revokeReason: reason, version: { increment: 1 } },
    select: { id: true, userId: true, role: true },
  });
  scope.touched(id);
  for (const grant of ended) {
    scope.touched(grant.userId, grant.id);
    const payload = { userId: grant.userId, role: grant.role, grantId: grant.id };
    scope.emit({ name: 'identity.grant.unconfirmed', aggregateId: grant.userId, payload });
  }
  return ended.length;
}
