import type { CommandDeps } from '../../../foundation/command/command.ts';
import { fail } from '../../../foundation/errors/app-error.ts';
import { openRequestOf } from './privacy-request.ts';

/** An open erasure as its owner sees it (auth-api.md 2.6). */
export type ErasureView = { requestId: string; status: 'scheduled' | 'awaiting_approval'; effectiveAt: Date };

/** @throws AppError 404 `not_found` where none is open */
export async function readErasure(deps: Pick<CommandDeps, 'database' | 'clock'>, userId: string): Promise<ErasureView> {
  const request = await openRequestOf(deps.database.prisma, userId, 'erase');
  if (!request?.cancelUntil) return fail('not_found');
  const isDue = request.cancelUntil <= deps.clock.now();
  return { requestId: request.id, status: isDue ? 'awaiting_approval' : 'scheduled', effectiveAt: request.cancelUntil };
}
