import { z } from 'zod';
import { defineCommand } from '../../foundation/command/command.ts';
import { forgetFormerContacts } from '../identity/index.ts';
import { endLapsed } from './move-approval.ts';

const input = z.object({});

/** Requests that one run ends at most; the next run takes the rest. */
const batch = 200;

/**
 * Ends requests whose time is over and forgets old contacts whose 72 hours are over. Every command reads the clock as well, so a
 * worker that is late lets nothing through. Repeating it finds nothing more.
 */
export const expireApprovals = defineCommand<z.infer<typeof input>, { ended: number; contactsForgotten: number }>({
  name: 'expire-approvals',
  resource: 'approval_request',
  access: 'system',
  input,
  isIdempotent: false,
  async run(scope) {
    const lapsed = await scope.tx.approvalRequest.findMany({
      where: { status: { in: ['requested', 'awaiting_proof'] }, expiresAt: { lte: scope.now } },
      orderBy: { expiresAt: 'asc' },
      take: batch,
    });
    const isEnded: boolean[] = [];
    for (const request of lapsed) isEnded.push(await endLapsed(scope, request));
    return { ended: isEnded.filter(Boolean).length, contactsForgotten: await forgetFormerContacts(scope) };
  },
});
