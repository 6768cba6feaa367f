import type { ReviewCase } from '@prisma/client';
import type { CommandDeps, CommandScope } from '../../../foundation/command/command.ts';
import type { StaffActor } from '../../../foundation/runtime/actor.ts';
import { isHeld, leadsReview } from '../cases/case-record.ts';

type Open = Pick<ReviewCase, 'id' | 'subjectId' | 'status' | 'claimedBy' | 'claimExpiresAt' | 'decidedBy'>;

/**
 * The case for which somebody may look at the proofs: one they hold now, or one that waits for a second answer which they may give and
 * whose first they did not. Null where there is none: nobody browses proofs.
 */
export async function caseToLookAt(
  { tx, now }: Pick<CommandScope, 'tx' | 'now'>,
  staff: StaffActor,
  submissionId: string,
): Promise<string | null> {
  const open = await tx.reviewCase.findMany({
    where: { kind: 'kyc', subjectId: submissionId, status: { in: ['claimed', 'pending_second'] } },
  });
  return (open.find((one) => isTheirs(one, staff, now)) ?? null)?.id ?? null;
}

/** The same for a list: the submissions that somebody may look at. */
export async function kycReach(
  { database, clock }: Pick<CommandDeps, 'database' | 'clock'>,
  staff: StaffActor,
  submissionIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const open = await database.prisma.reviewCase.findMany({
    where: { kind: 'kyc', subjectId: { in: [...submissionIds] }, status: { in: ['claimed', 'pending_second'] } },
  });
  const now = clock.now();
  return new Set(open.filter((one) => isTheirs(one, staff, now)).map(({ subjectId }) => subjectId));
}

function isTheirs(one: Open, staff: StaffActor, now: Date): boolean {
  if (one.status === 'claimed') return one.claimedBy === staff.id && isHeld(one, now);
  return one.decidedBy !== staff.id && leadsReview(staff, now);
}
