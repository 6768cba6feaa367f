import { createHash } from 'node:crypto';
import type { ReviewCase } from '@prisma/client';
import { z } from 'zod';
import { type CommandDeps, type CommandScope, defineCommand } from '../../../foundation/command/command.ts';
import type { Tx } from '../../../foundation/runtime/database.ts';
import { newId } from '../../../foundation/runtime/new-id.ts';
import { emitCase } from './case-record.ts';
import { newClock } from './clock.ts';

/** Approvals older than this are not looked at again: what was seen then is not what is there now. */
const daysBack = 7;
/** Samples opened in one run, and approvals looked through for them. */
const batch = 500;
const lookedAtMost = 50_000;
/** Behind everything that a vendor waits for. */
const samplePriority = 0;

const input = z.strictObject({ percent: z.number().min(0).max(100) });

/**
 * Takes the chosen share of approvals as quality samples: a case of its own beside the closed one, that any reviewer but the first and the
 * second is handed like others and answers without seeing their answers. Nothing moves by it. Which approvals are chosen follows from
 * their ids alone, so that nobody steers it and repeating it finds nothing more.
 */
export const sampleApprovals = defineCommand<z.infer<typeof input>, { sampled: number }>({
  name: 'sample-approvals',
  resource: 'review_case',
  access: 'system',
  input,
  isIdempotent: false,
  async run(scope, { percent }) {
    const chosen = await chosenApprovals(scope, percent);
    for (const approved of chosen) await openSample(scope, approved);
    scope.note(`${chosen.length} approvals for a second look, ${percent} percent`);
    return { sampled: chosen.length };
  },
});

/** Whether an approval is among the share: the first bits of a hash of its id, as a number from 0 to 100. */
export function isChosen(caseId: string, percent: number): boolean {
  const share = createHash('sha256').update(`review.sample:${caseId}`).digest().readUInt32BE(0) / 2 ** 32;
  return share * 100 < percent;
}

type Approved = Pick<
  ReviewCase,
  'id' | 'kind' | 'subjectId' | 'subjectVersion' | 'vendorId' | 'ownerUserId' | 'title' | 'riskScore' | 'snapshotId'
>;

/** Ids of the chosen ones among the approvals of the last days that have no sample. Read from the index of what was decided last. */
async function chosenOf(prisma: Tx, { now, percent }: { now: Date; percent: number }): Promise<string[]> {
  const from = new Date(now.getTime() - daysBack * 24 * 3600_000);
  // A proof of identity had two people already, and is opened by nobody without need.
  const rows = await prisma.$queryRaw<{ id: string }[]>`
    SELECT c.id FROM review.review_case c
     WHERE c.status IN ('approved') AND c.decided_at > ${from}::timestamptz AND c.kind <> 'kyc' AND NOT c.sampled AND c.sample_of_id IS NULL
     ORDER BY c.decided_at DESC, c.id DESC LIMIT ${lookedAtMost}`;
  return rows.flatMap(({ id }) => (isChosen(id, percent) ? [id] : [])).slice(0, batch);
}

async function chosenApprovals({ tx, now }: CommandScope, percent: number): Promise<Approved[]> {
  return tx.reviewCase.findMany({
    where: { id: { in: await chosenOf(tx, { now, percent }) } },
    orderBy: { id: 'asc' },
    select: {
      ...{ id: true, kind: true, subjectId: true, subjectVersion: true, vendorId: true, ownerUserId: true, title: true },
      ...{ riskScore: true, snapshotId: true },
    },
  });
}

async function openSample(scope: CommandScope, { id: sampleOfId, ...seen }: Approved): Promise<void> {
  const { tx, now } = scope;
  const id = newId();
  const { count } = await tx.reviewCase.createMany({
    skipDuplicates: true,
    data: { ...seen, id, createdAt: now, sampleOfId, priority: samplePriority, ...newClock(now, seen.kind, true) },
  });
  if (count === 0) return;
  await tx.reviewCase.updateMany({ where: { id: sampleOfId }, data: { sampled: true, version: { increment: 1 } } });
  scope.touched(id, sampleOfId);
  emitCase(scope, 'opened', { id, kind: seen.kind });
}

/** Whether there is anything to choose from: a quiet hour leaves nothing in the history. */
export async function hasApprovalsToSample({ database, clock }: CommandDeps, percent: number): Promise<boolean> {
  return (await chosenOf(database.prisma, { now: clock.now(), percent })).length > 0;
}
