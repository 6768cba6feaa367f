import type { Vendor } from '@prisma/client';
import { z } from 'zod';
import { type CommandScope, defineCommand } from '../../../foundation/command/command.ts';
import { addSeconds } from '../../../foundation/runtime/clock.ts';
import { emitTerms, type OneVendor, oneVendor, onVendor } from './vendor-record.ts';

const day = 24 * 3600;

/** `days`: 1 to 90. */
const input = oneVendor.extend({ days: z.int().min(1).max(90) });

export type PayoutHold = { payoutHoldUntil: string | null };

/**
 * Nothing is paid out, and the owner cannot change where it is paid to, for so many days; a hold that ends later stays.
 * @throws AppError 403 `forbidden`, `step_up_required`, 404 `not_found`, 409 `transition_not_allowed` where a longer one stands
 *   or the owner is erased
 */
export const setPayoutHold = defineCommand<z.infer<typeof input>, PayoutHold, undefined, Vendor>({
  ...onVendor,
  name: 'set-payout-hold',
  access: 'vendor.set_payout_hold',
  input,
  async preview(scope, { days }) {
    const until = addSeconds(scope.now, days * day)
      .toISOString()
      .slice(0, 10);
    return [`Nothing is paid out until ${until}, and the owner cannot change payout accounts.`, 'The owner is told.'];
  },
  async run(scope, { days }, vendor) {
    const until = addSeconds(scope.now, days * day);
    const { count } = await scope.tx.user.updateMany({
      where: { id: vendor.userId, status: { not: 'erased' }, OR: [{ payoutHoldUntil: null }, { payoutHoldUntil: { lt: until } }] },
      data: { payoutHoldUntil: until, version: { increment: 1 } },
    });
    if (count === 0) return { refused: 'transition_not_allowed' };
    emitTerms(scope, vendor, ['payoutHold']);
    return { payoutHoldUntil: until.toISOString() };
  },
});

/**
 * Payouts go on, whatever held them.
 * @throws AppError 403 `forbidden`, `step_up_required`, 404 `not_found`, 409 `transition_not_allowed` where nothing is held
 */
export const clearPayoutHold = defineCommand<OneVendor, PayoutHold, undefined, Vendor>({
  ...onVendor,
  name: 'clear-payout-hold',
  access: 'vendor.clear_payout_hold',
  input: oneVendor,
  async preview(scope, _input, vendor) {
    const until = await heldUntil(scope, vendor.userId);
    return [until ? `Ends the hold until ${until.toISOString().slice(0, 10)} now.` : 'Nothing is held.', 'The owner is told.'];
  },
  async run(scope, _input, vendor) {
    if (!(await heldUntil(scope, vendor.userId))) return { refused: 'transition_not_allowed' };
    await scope.tx.user.updateMany({ where: { id: vendor.userId }, data: { payoutHoldUntil: null, version: { increment: 1 } } });
    emitTerms(scope, vendor, ['payoutHold']);
    return { payoutHoldUntil: null };
  },
});

async function heldUntil({ tx, now }: CommandScope, userId: string): Promise<Date | null> {
  const { payoutHoldUntil } = await tx.user.findUniqueOrThrow({ where: { id: userId }, select: { payoutHoldUntil: true } });
  return payoutHoldUntil && payoutHoldUntil > now ? payoutHoldUntil : null;
}
