import type { ApprovalRequest, PrivacyRequest } from '@prisma/client';
import { z } from 'zod';
import type { CommandDeps } from '../../../foundation/command/command.ts';
import { runCommand } from '../../../foundation/command/run-command.ts';
import { AppError } from '../../../foundation/errors/app-error.ts';
import { defineJob, type EventSubscription, type JobDefinition } from '../../../foundation/jobs/job.ts';
import { isPersonHeld } from '../../identity/index.ts';
import { advanceErasure, carryOutErasure } from './carry-out-erasure.ts';

const queue = 'support.execute-erasures';

/** What this job asks of a higher module, handed in where everything is joined. */
export type ErasurePorts = {
  /** Whether the receipt of the erasure left, or could not be delivered for good. */
  wasTold(deps: CommandDeps, person: { userId: string; template: 'privacy_completed' }): Promise<boolean>;
};

/** Also woken by a decision, so that an approval after the grace is carried out within the minute. */
export const executeErasuresSubscription: EventSubscription = {
  queue,
  events: ['support.approval.approved', 'support.approval.denied', 'support.privacy.processing'],
};

/**
 * Takes erasures further: what staff decided, the receipt once the grace is over, the erasing once the receipt left. Every minute, since
 * nobody hears of the end of a grace or of a delivered message. Repeating is harmless: each step is a compare-and-set.
 */
export function executeErasuresJob(ports: ErasurePorts): JobDefinition<unknown> {
  return defineJob({
    queue,
    payload: z.unknown(),
    policy: 'exclusive',
    schedule: '* * * * *',
    handle: (_payload, deps) => executeErasures(deps, ports),
  });
}

/** All of them, oldest first; one that fails does not keep the others from theirs. @throws AggregateError of what failed */
export async function executeErasures(deps: CommandDeps, ports: ErasurePorts): Promise<void> {
  const open = await deps.database.prisma.privacyRequest.findMany({
    where: { kind: 'erase', status: { in: ['identity_verified', 'approved', 'processing'] }, approval: { status: { not: 'requested' } } },
    orderBy: { createdAt: 'asc' },
    include: { approval: true },
  });
  const failures: unknown[] = [];
  for (const erasure of open) {
    try {
      await takeFurther(deps, ports, erasure);
    } catch (error) {
      if (error instanceof AppError && error.code === 'legal_hold') {
        deps.log.warn({ event: 'privacy.erasure_held', requestId: erasure.id }, 'a legal hold was placed since: see the list of holds');
      } else failures.push(error);
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} erasure(s) failed`);
}

type OpenErasure = PrivacyRequest & { approval: ApprovalRequest | null };

/** Nothing is called that has nothing to do: every command leaves a row in the history. */
async function takeFurther(
  deps: CommandDeps,
  ports: ErasurePorts,
  { id, status, cancelUntil, approval, subjectUserId }: OpenErasure,
): Promise<void> {
  const isApproved = approval?.status === 'approved';
  const isDue = cancelUntil !== null && cancelUntil <= deps.clock.now();
  if (status === 'approved' && isApproved) {
    if (!isDue || (await isPersonHeld(deps.database.prisma, subjectUserId))) return;
  }
  if (status !== 'processing' || !isApproved) {
    await runCommand(deps, advanceErasure, { input: { id } });
    return;
  }
  const isTold = await ports.wasTold(deps, { userId: subjectUserId, template: 'privacy_completed' });
  if (isTold) await runCommand(deps, carryOutErasure, { input: { id } });
}
