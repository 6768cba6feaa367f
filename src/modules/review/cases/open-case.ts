import type { ReviewCase } from '@prisma/client';
import { z } from 'zod';
import { type CommandScope, defineCommand } from '../../../foundation/command/command.ts';
import { consumeOnce } from '../../../foundation/outbox/consume-once.ts';
import { newId } from '../../../foundation/runtime/new-id.ts';
import { vendorFacts } from '../../identity/index.ts';
import { leadRound } from '../case-rules.ts';
import { emitCase } from './case-record.ts';
import { newClock } from './clock.ts';
import { isSelling, lockStore } from './pause.ts';
import { isSecondNeeded } from './second-needed.ts';
import { type SubjectFacts, subjectFacts } from './subject.ts';

const input = z.strictObject({
  kind: z.enum(['vendor', 'kyc', 'product', 'product_revision']),
  subjectId: z.uuid(),
  /** The event that asks for it, and who consumes it: a second delivery opens nothing. */
  eventId: z.uuid(),
  consumer: z.string().max(100),
});
type Input = z.infer<typeof input>;
type Output = { caseId: string | null };

/**
 * Opens the case of what was handed in (product.md 4.4): at most one is open per subject, so that a repeated or late event finds it, or
 * finds that the subject is not waiting any more, and writes nothing.
 */
export const openCase = defineCommand<Input, Output>({
  name: 'open-case',
  resource: 'review_case',
  access: 'system',
  input,
  isIdempotent: false,
  async run(scope, { kind, subjectId, eventId, consumer }) {
    if (!(await consumeOnce(scope.tx, consumer, eventId))) return { caseId: null };
    const facts = await subjectFacts(scope.tx, { kind, subjectId });
    if (facts?.state !== 'waiting') return { caseId: null };
    const opened = await insertCase(scope, { kind, subjectId, facts });
    if (opened) emitCase(scope, 'opened', opened);
    return { caseId: opened?.id ?? null };
  },
});

type Handed = Pick<Input, 'kind' | 'subjectId'> & { facts: SubjectFacts };

async function insertCase(scope: CommandScope, { kind, subjectId, facts }: Handed): Promise<Pick<ReviewCase, 'id' | 'kind'> | null> {
  const { tx, now } = scope;
  const { vendorId, ownerUserId, title, version, riskScore } = facts;
  await lockStore(tx, vendorId);
  const before = await lastRound(scope, { kind, subjectId });
  const round = (before?.round ?? 0) + 1;
  const store = (await vendorFacts(tx, [vendorId])).get(vendorId);
  const isWaitingForStore = (kind === 'product' || kind === 'product_revision') && !isSelling(store);
  const id = newId();
  const { count } = await tx.reviewCase.createMany({
    skipDuplicates: true,
    data: {
      ...{ id, createdAt: now, kind, subjectId, subjectVersion: version, vendorId, ownerUserId, title: title || null, round, riskScore },
      previousCaseId: before?.id ?? null,
      priority: priorityOf({ round, isSuggestion: facts.isSuggestion, isElite: store?.tier === 'elite' }),
      needsSecond: await isSecondNeeded(tx, { kind, vendorId }),
      needsLead: round >= leadRound || facts.wasTakenDown,
      ...newClock(now, kind),
      pausedAt: isWaitingForStore ? now : null,
    },
  });
  if (count === 0) return null;
  scope.touched(id, subjectId, vendorId, ownerUserId);
  scope.note(`${kind} case, round ${round}, version ${version}`);
  return { id, kind };
}

/** The last case that was decided; a withdrawn one was no round. */
async function lastRound({ tx }: CommandScope, { kind, subjectId }: Pick<Input, 'kind' | 'subjectId'>) {
  return tx.reviewCase.findFirst({
    where: { kind, subjectId, sampleOfId: null, status: { in: ['approved', 'rejected', 'changes_requested'] } },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    select: { id: true, round: true },
  });
}

/** Whoever waits again, and the best customers, are not last; a suggestion is nobody's waiting. An escalation adds to it. */
export function priorityOf({ round, isSuggestion, isElite }: { round: number; isSuggestion: boolean; isElite: boolean }): number {
  return (isSuggestion ? 30 : 50) + (round > 1 ? 10 : 0) + (isElite ? 10 : 0);
}
