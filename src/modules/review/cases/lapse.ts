import type { Prisma, ReviewCase } from '@prisma/client';
import { z } from 'zod';
import { type CommandDeps, type CommandScope, defineCommand } from '../../../foundation/command/command.ts';
import { runCommand } from '../../../foundation/command/run-command.ts';
import { AppError } from '../../../foundation/errors/app-error.ts';
import { loadCase, type ReleaseCause } from './case-record.ts';
import { giveBack } from './claim.ts';
import { endCase } from './withdraw.ts';

/** Cases that one run looks after at most; the next run takes the rest. */
const batch = 200;

const one = z.strictObject({ id: z.uuid() });

/**
 * Puts a case back into the queue whose holder was not active for half an hour, and its subject; also after a process died with it. One
 * case per command: one that cannot go back holds up no other. Repeating it finds nothing more.
 */
export const lapseClaim = defineCommand<z.infer<typeof one>, { isLapsed: boolean }>({
  name: 'lapse-case-claim',
  resource: 'review_case',
  access: 'system',
  input: one,
  isIdempotent: false,
  async run(scope, { id }) {
    const held = await loadCase(scope, id);
    const isOver = held.status === 'claimed' && held.claimExpiresAt !== null && held.claimExpiresAt <= scope.now;
    if (isOver) await goBack(scope, held, 'lapsed');
    return { isLapsed: isOver };
  },
});

/** A subject that is not in review any more takes its case with it. */
async function goBack(scope: CommandScope, held: ReviewCase, cause: ReleaseCause): Promise<void> {
  try {
    await giveBack(scope, held, cause);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'transition_not_allowed') throw error;
    await endCase(scope, held);
  }
}

const lapsed = (now: Date): Prisma.ReviewCaseWhereInput => ({ status: 'claimed', claimExpiresAt: { lte: now } });

/** Every claim that is over. */
export async function lapseClaims(deps: CommandDeps): Promise<number> {
  const over = await deps.database.prisma.reviewCase.findMany({
    where: lapsed(deps.clock.now()),
    orderBy: { claimExpiresAt: 'asc' },
    select: { id: true },
    take: batch,
  });
  let done = 0;
  for (const { id } of over) if ((await runCommand(deps, lapseClaim, { input: { id } })).output.isLapsed) done += 1;
  return done;
}

const person = z.strictObject({ userId: z.uuid() });

/**
 * Takes everything off the hands of somebody who left or reviews no longer, under one action id. Repeating it finds nothing more.
 */
export const releaseCasesOf = defineCommand<z.infer<typeof person>, { released: number }>({
  name: 'release-cases-of',
  resource: 'review_case',
  access: 'system',
  input: person,
  isIdempotent: false,
  async run(scope, { userId }) {
    const held = await scope.tx.reviewCase.findMany({
      where: { claimedBy: userId, status: 'claimed' },
      select: { id: true },
      orderBy: { id: 'asc' },
    });
    let released = 0;
    for (const { id } of held) {
      const locked = await loadCase(scope, id);
      if (locked.claimedBy !== userId || locked.status !== 'claimed') continue;
      await goBack(scope, locked, 'left');
      released += 1;
    }
    scope.note(`${released} cases released`);
    return { released };
  },
});
