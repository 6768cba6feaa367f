import { z } from 'zod';
import { type CommandScope, defineCommand } from '../../../foundation/command/command.ts';
import type { UsedUpLimit } from '../../../foundation/errors/app-error.ts';
import { addSeconds } from '../../../foundation/runtime/clock.ts';
import { scaledLimit } from '../../../foundation/runtime/rate-bucket.ts';
import { lockOwnAccount, requireFresh } from '../../identity/index.ts';
import { openRequest, openRequestOf, requireStep } from './privacy-request.ts';

/** Exports that a person may ask for within 24 hours; one that failed does not count. */
const perDay = 2;
const day = 86_400;

/**
 * Asks for a file of everything that is held about the caller; the worker makes it. Nobody has to approve one's own data.
 * @throws AppError 403 `reauth_required`, 409 `export_in_progress`, 429 `rate_limited` over 2 a day
 */
export const requestExport = defineCommand<object, { exportId: string }>({
  name: 'request-export',
  resource: 'privacy_request',
  access: 'owner',
  input: z.object({}),
  isIdempotent: true,
  async run(scope) {
    const account = await lockOwnAccount(scope);
    requireFresh(scope, account, scope.deps.config.reauthFreshSeconds);
    if (await openRequestOf(scope.tx, account.id, 'export')) return { refused: 'export_in_progress' };
    const waitSeconds = await secondsToNext(scope, account.id);
    if (waitSeconds > 0) return { refused: 'rate_limited', details: { retryAfterSeconds: waitSeconds, limit: exportLimit(scope) } };
    const verified = await openRequest(scope, { userId: account.id, kind: 'export' });
    await requireStep(scope, verified, 'approve');
    return { exportId: verified.id };
  },
});

function exportLimit({ deps }: CommandScope): UsedUpLimit {
  return { name: 'export', limit: scaledLimit(perDay, deps.config.rateLimitScale), windowSeconds: day };
}

/** 0 while another is allowed. The person is locked, so no parallel request is overlooked. */
async function secondsToNext(scope: CommandScope, userId: string): Promise<number> {
  const { tx, now } = scope;
  const { limit } = exportLimit(scope);
  const since = addSeconds(now, -day);
  const recent = await tx.privacyRequest.findMany({
    where: { subjectUserId: userId, kind: 'export', status: { not: 'refused' }, createdAt: { gt: since } },
    orderBy: { createdAt: 'desc' },
    take: limit,
    select: { createdAt: true },
  });
  const oldest = recent[limit - 1];
  return oldest ? Math.max(1, Math.ceil((addSeconds(oldest.createdAt, day).getTime() - now.getTime()) / 1000)) : 0;
}
