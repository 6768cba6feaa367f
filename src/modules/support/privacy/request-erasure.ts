import { z } from 'zod';
import { defineCommand } from '../../../foundation/command/command.ts';
import { addSeconds } from '../../../foundation/runtime/clock.ts';
import { isPersonHeld, lockOwnAccount, requireFresh } from '../../identity/index.ts';
import { openRequest, openRequestOf } from './privacy-request.ts';

export type ScheduledErasure = { requestId: string; effectiveAt: string };

/**
 * Asks for the own account to be erased. Nothing happens for ERASE_GRACE_S, within which it can be called off; then two members of
 * staff must agree. The account stays as it is until then, since whoever cannot sign in could not call it off.
 * @throws AppError 403 `reauth_required`, 409 `erase_in_progress`, `erase_blocked` by a legal hold
 */
export const requestErasure = defineCommand<object, ScheduledErasure>({
  name: 'request-erasure',
  resource: 'privacy_request',
  access: 'owner',
  input: z.object({}),
  isIdempotent: true,
  async run(scope) {
    const { tx, now, deps } = scope;
    const account = await lockOwnAccount(scope);
    requireFresh(scope, account, deps.config.reauthFreshSeconds);
    if (await openRequestOf(tx, account.id, 'erase')) return { refused: 'erase_in_progress' };
    if (await isPersonHeld(tx, account.id)) return { refused: 'erase_blocked' };
    const cancelUntil = addSeconds(now, deps.config.eraseGraceSeconds);
    const request = await openRequest(scope, { userId: account.id, kind: 'erase', cancelUntil });
    return { requestId: request.id, effectiveAt: cancelUntil.toISOString() };
  },
});
