import type { PrivacyRequest } from '@prisma/client';
import { z } from 'zod';
import { type CommandScope, defineCommand } from '../../../foundation/command/command.ts';
import { addSeconds } from '../../../foundation/runtime/clock.ts';
import { openStatuses } from './privacy-request.ts';

/** Days left at the two alerts: day 20 and day 27 of the law's 30. */
const alerts = [10, 3] as const;

const daySeconds = 86_400;

/** Requests that one run alerts at most; the next run takes the rest. */
const batch = 200;

/**
 * Says once at each of the two times that a request comes due: `support.privacy.due_soon`. One whose worker slept through the first
 * is said once, not twice. Repeating it finds nothing more.
 */
export const alertDueRequests = defineCommand<Record<string, never>, { alerted: number }>({
  name: 'alert-due-requests',
  resource: 'privacy_request',
  access: 'system',
  input: z.object({}),
  isIdempotent: false,
  async run(scope) {
    const [first, last] = alerts;
    const dueWithin = (days: number) => {
      const soon = { lte: addSeconds(scope.now, days * daySeconds) };
      return [{ extendedTo: soon }, { extendedTo: null, dueAt: soon }];
    };
    const found = await scope.tx.privacyRequest.findMany({
      where: {
        status: { in: [...openStatuses] },
        OR: [
          { alertedDays: 0, OR: dueWithin(first) },
          { alertedDays: first, OR: dueWithin(last) },
        ],
      },
      orderBy: [{ dueAt: 'asc' }, { id: 'asc' }],
      take: batch,
    });
    const isAlerted: boolean[] = [];
    for (const request of found) isAlerted.push(await alert(scope, request));
    return { alerted: isAlerted.filter(Boolean).length };
  },
});

/** Compare-and-set on the alert that went out last, so that of two workers one says it. */
async function alert(scope: CommandScope, { id, kind, dueAt, extendedTo, alertedDays }: PrivacyRequest): Promise<boolean> {
  const secondsLeft = ((extendedTo ?? dueAt).getTime() - scope.now.getTime()) / 1000;
  const days = secondsLeft <= alerts[1] * daySeconds ? alerts[1] : alerts[0];
  const { count } = await scope.tx.privacyRequest.updateMany({ where: { id, alertedDays }, data: { alertedDays: days } });
  if (count === 0) return false;
  scope.touched(id);
  scope.emit({ name: 'support.privacy.due_soon', aggregateId: id, payload: { requestId: id, kind } });
  return true;
}
