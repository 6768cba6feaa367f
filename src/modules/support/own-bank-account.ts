import { z } from 'zod';
import { defineCommand } from '../../foundation/command/command.ts';
import { fail } from '../../foundation/errors/app-error.ts';
import {
  addBankAccount,
  bankDetailsFields,
  lockOwnAccount,
  removeBankAccount,
  requireFresh,
  requireNoHold,
  vendorOfUser,
} from '../identity/index.ts';
import { approvalOf, cancelApproval } from './open-approval.ts';
import { openBankApproval } from './request-bank-change.ts';

type Owner = Awaited<ReturnType<typeof lockOwnAccount>>;

const details = z.object(bankDetailsFields);

/** `requestId` is the approval's. */
export type BankAccountAsked = { requestId: string; status: 'requested' };

/**
 * The owner of a store names a payout account; it waits until finance approves it, who are the second of the two people
 * (auth-api.md 2.7).
 * @throws AppError 403 `reauth_required`, `role_required`, `account_frozen` also while payouts are held, 409 `bank_account_limit`,
 *   `bank_account_exists`, `transition_not_allowed`, 422 `nuban_invalid`, `name_invalid`, `too_short`, `too_long`
 */
export const addOwnBankAccount = defineCommand<z.infer<typeof details>, BankAccountAsked, undefined, Owner>({
  name: 'add-bank-account',
  resource: 'vendor_bank_account',
  access: 'owner',
  input: details,
  isIdempotent: false,
  load: lockOwnAccount,
  async run(scope, body, owner) {
    if (owner.kind !== 'vendor') return { refused: 'role_required' };
    requireFresh(scope, owner, scope.deps.config.reauthFreshSeconds);
    await requireNoHold(scope, owner.id);
    const vendorId = (await vendorOfUser(scope.tx, owner.id)) ?? fail('role_required');
    const row = await addBankAccount(scope, { owner, vendorId, details: body });
    const subject = { account: owner, facts: { userId: owner.id, kind: owner.kind, rank: 0 } };
    const wanted = { operation: 'add', accountId: row.id } as const;
    const opened = await openBankApproval(scope, { subject, row, wanted, requestedBy: owner.id, reason: null });
    // The account is new: nobody can have asked for it before.
    return opened ? { requestId: opened.id, status: 'requested' } : { refused: 'approval_open' };
  },
});

const one = z.object({ id: z.uuid() });

/**
 * The owner takes a payout account away, at once; what was asked about it is called off.
 * @throws AppError 403 `reauth_required`, `role_required`, `account_frozen`, 404 `not_found`, also for another's
 */
export const removeOwnBankAccount = defineCommand<z.infer<typeof one>, { isDone: true }, undefined, Owner>({
  name: 'remove-bank-account',
  resource: 'vendor_bank_account',
  access: 'owner',
  input: one,
  isIdempotent: false,
  load: lockOwnAccount,
  async run(scope, { id }, owner) {
    if (owner.kind !== 'vendor') return { refused: 'role_required' };
    requireFresh(scope, owner, scope.deps.config.reauthFreshSeconds);
    await requireNoHold(scope, owner.id);
    await removeBankAccount(scope, { userId: owner.id, accountId: id });
    const open = await approvalOf(scope.tx, { kind: 'bank_change', subjectId: id });
    if (open) await cancelApproval(scope, open.id);
    return { isDone: true };
  },
});
