import type { VendorBankAccount } from '@prisma/client';
import { z } from 'zod';
import { type CommandScope, defineCommand } from '../../../foundation/command/command.ts';
import { useDailyQuota } from '../../../foundation/command/daily-quota.ts';
import { fail } from '../../../foundation/errors/app-error.ts';
import { actorIdOf } from '../../../foundation/runtime/actor.ts';
import { lockAccount } from '../account.ts';
import { personBox } from '../person-box.ts';
import { bankBox } from './bank-details.ts';

/** `id` is the account's. */
const input = z.strictObject({ id: z.uuid(), field: z.enum(['account_number', 'account_name']).default('account_number') });
type Input = z.infer<typeof input>;
type Loaded = { row: VendorBankAccount; userId: string };

/** `value` is shown for `shownSeconds` and kept nowhere. */
export type RevealedNumber = { value: string; quotaLeft: number; shownSeconds: number };

const shownSeconds = 60;

/**
 * The number, or the name, of a payout account in clear (F83): reason, ticket and fresh factor by the matrix, one of the day's reveals
 * here. The action names the field, never the value.
 * @throws AppError 403 `quota_exceeded`, 404 `not_found`, also once the owner is erased
 */
export const revealBankNumber = defineCommand<Input, RevealedNumber, undefined, Loaded>({
  name: 'reveal-bank-number',
  resource: 'vendor_bank_account',
  access: 'vendor_bank_account.reveal',
  input,
  isIdempotent: false,
  load: loadBankAccount,
  subject: ({ userId }) => ({ userId, kind: 'vendor', rank: 0 }),
  async preview() {
    return [`Shows it for ${shownSeconds} seconds.`, "Uses one of today's reveals. Your name, the reason and the field are recorded."];
  },
  async run(scope, { id, field }, { row, userId }) {
    const box = await personBox(scope.deps, scope.tx, userId);
    if (!box) return { refused: 'not_found' };
    const value =
      field === 'account_number'
        ? box.open(bankBox('account_number_enc', id), row.accountNumberEnc)
        : box.open(bankBox('account_name_enc', id), row.accountNameEnc);
    const quotaLeft = await useDailyQuota(scope, 'reveals');
    scope.touched(id, userId);
    scope.note(`field ${field}`);
    scope.emit({
      name: 'identity.pii.revealed',
      aggregateId: userId,
      payload: { actorId: actorIdOf(scope.actor), userId, field, quotaLeft },
    });
    return { value, quotaLeft, shownSeconds };
  },
});

/** An account with whose it is, the owner locked. @throws AppError 404 `not_found` */
export async function loadBankAccount(scope: CommandScope, { id }: { id: string }): Promise<Loaded> {
  const found = await scope.tx.vendorBankAccount.findUnique({ where: { id }, select: { vendor: { select: { userId: true } } } });
  if (!found) return fail('not_found');
  const { userId } = found.vendor;
  await lockAccount(scope.tx, { userId });
  return { row: await scope.tx.vendorBankAccount.findUniqueOrThrow({ where: { id } }), userId };
}
