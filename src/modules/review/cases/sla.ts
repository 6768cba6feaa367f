import type { Prisma, ReviewCase } from '@prisma/client';
import { z } from 'zod';
import { type CommandDeps, type CommandScope, defineCommand } from '../../../foundation/command/command.ts';
import { runCommand } from '../../../foundation/command/run-command.ts';
import { addSeconds } from '../../../foundation/runtime/clock.ts';
import { emitCase } from './case-record.ts';

/** Cases that one run looks after at most; the next run takes the rest. */
const batch = 200;

/** How long before a claim ends its holder hears of it. */
const warnedBeforeSeconds = 300;

const running = {
  status: { in: ['queued', 'claimed', 'pending_second'] },
  pausedAt: null,
  // Nobody waits for a quality sample.
  sampleOfId: null,
} satisfies Prisma.ReviewCaseWhereInput;

const unheard = {
  breached: (now: Date) => ({ ...running, slaDueAt: { lte: now }, slaBreachToldAt: null }) satisfies Prisma.ReviewCaseWhereInput,
  /** Of a clock that is missed already, "at risk" is no news. */
  atRisk: (now: Date) =>
    ({ ...running, slaRiskAt: { lte: now }, slaDueAt: { gt: now }, slaRiskToldAt: null }) satisfies Prisma.ReviewCaseWhereInput,
  lapsing: (now: Date) =>
    ({
      status: 'claimed',
      claimExpiresAt: { gt: now, lte: addSeconds(now, warnedBeforeSeconds) },
      lapseToldAt: null,
    }) satisfies Prisma.ReviewCaseWhereInput,
};

const input = z.strictObject({});

/**
 * Tells once per case that its clock is at risk (from 80 % on), once that it was missed, and once per claim that it is about to end.
 * Repeating it finds nothing more.
 */
export const tellCaseSla = defineCommand<z.infer<typeof input>, { told: number }>({
  name: 'watch-case-clocks',
  resource: 'review_case',
  access: 'system',
  input,
  isIdempotent: false,
  async run(scope) {
    const order = { orderBy: { slaDueAt: 'asc' as const }, take: batch };
    const breached = await scope.tx.reviewCase.findMany({ where: unheard.breached(scope.now), ...order });
    const atRisk = await scope.tx.reviewCase.findMany({ where: unheard.atRisk(scope.now), ...order });
    const lapsing = await scope.tx.reviewCase.findMany({
      where: unheard.lapsing(scope.now),
      orderBy: { claimExpiresAt: 'asc' },
      take: batch,
    });
    let told = 0;
    for (const late of breached) if (await tell(scope, late, 'sla_breached')) told += 1;
    for (const late of atRisk) if (await tell(scope, late, 'sla_at_risk')) told += 1;
    for (const held of lapsing) if (await tell(scope, held, 'claim_lapsing')) told += 1;
    return { told };
  },
});

const marks = {
  sla_at_risk: 'slaRiskToldAt',
  sla_breached: 'slaBreachToldAt',
  claim_lapsing: 'lapseToldAt',
} as const;

/** The mark is set on the condition that it was not: of two workers one tells. */
async function tell(scope: CommandScope, found: ReviewCase, what: keyof typeof marks): Promise<boolean> {
  const { id, claimedBy, claimExpiresAt } = found;
  const still = what === 'claim_lapsing' ? { claimedBy, claimExpiresAt } : { pausedAt: null };
  const { count } = await scope.tx.reviewCase.updateMany({
    where: { id, ...still, [marks[what]]: null },
    data: { [marks[what]]: scope.now },
  });
  if (count === 0) return false;
  scope.touched(id);
  emitCase(scope, what, found, { staffId: claimedBy });
  return true;
}

/** Only when something is due, so that a quiet minute leaves nothing in the history. */
export async function watchCaseClocks(deps: CommandDeps): Promise<void> {
  const now = deps.clock.now();
  const due = await deps.database.prisma.reviewCase.findFirst({
    where: { OR: [unheard.breached(now), unheard.atRisk(now), unheard.lapsing(now)] },
    select: { id: true },
  });
  if (due) await runCommand(deps, tellCaseSla, { input: {} });
}
