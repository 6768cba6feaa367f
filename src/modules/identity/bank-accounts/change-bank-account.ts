import type { Prisma, VendorBankAccount } from '@prisma/client';
import type { CommandScope } from '../../../foundation/command/command.ts';
import { fail } from '../../../foundation/errors/app-error.ts';
import type { AccountRow } from '../account.ts';
import type { ApprovalSubject } from '../approved/subject.ts';
import { requireTwoPeople } from '../staff/two-people.ts';
import { accountBidx, type BankDetails, detailColumns, requireNuban } from './bank-details.ts';

/** What can be asked for about a payout account; `add` is the owner's. */
export const bankOperations = ['add', 'verify', 'set_default', 'remove', 'change'] as const;
export type BankOperation = (typeof bankOperations)[number];

export type BankChange = {
  operation: BankOperation;
  accountId: string;
  /** The version that was looked at when it was asked for. */
  version: number;
  /** Of a `change`: the account that takes the place of the old one. */
  details?: BankDetails | undefined;
};

/** From which states of an account each operation starts. */
const startsFrom: Readonly<Record<BankOperation, readonly VendorBankAccount['status'][]>> = {
  add: ['pending'],
  verify: ['pending', 'failed'],
  set_default: ['verified'],
  remove: ['pending', 'verified', 'failed'],
  change: ['pending', 'verified', 'failed'],
};

/**
 * Whether the change can be asked for at all; asked when it is requested and when it is carried out.
 * @throws AppError 404 `not_found` for an account of somebody else, 409 `transition_not_allowed`, `bank_account_exists`, 422 `nuban_invalid`
 */
export async function requireBankChange(
  scope: Pick<CommandScope, 'tx' | 'deps'>,
  userId: string,
  { operation, accountId, details }: Omit<BankChange, 'version'>,
): Promise<VendorBankAccount> {
  const where = { id: accountId, vendor: { userId }, status: { not: 'removed' as const } };
  const row = (await scope.tx.vendorBankAccount.findFirst({ where })) ?? fail('not_found');
  if (!startsFrom[operation].includes(row.status) || (operation === 'set_default' && row.isDefault)) fail('transition_not_allowed');
  if (operation === 'change') await requireNewNumber(scope, row, details ?? fail('required'));
  return row;
}

async function requireNewNumber(
  { tx, deps }: Pick<CommandScope, 'tx' | 'deps'>,
  row: VendorBankAccount,
  details: BankDetails,
): Promise<void> {
  requireNuban(details);
  const accountNumberBidx = accountBidx(deps, details);
  const taken = await tx.vendorBankAccount.count({ where: { vendorId: row.vendorId, accountNumberBidx, status: { not: 'removed' } } });
  if (taken > 0) fail('bank_account_exists');
}

/**
 * Carries out what one person asked for and another approved. Nothing is written before it is clear that both may, that the account is
 * as it was, and that no hold began since the owner asked.
 * @throws AppError 403 `four_eyes`, `forbidden`, `account_frozen`, 404 `not_found`, 409 `subject_changed`, `transition_not_allowed`,
 *   `bank_account_exists`, 422 `nuban_invalid`
 */
export async function changeBankAccount(
  scope: CommandScope,
  { account: owner, facts }: ApprovalSubject,
  { change, requestedBy, approvedBy }: { change: BankChange; requestedBy: string; approvedBy: string },
): Promise<void> {
  const people = { requestedBy, approvedBy };
  await requireTwoPeople(scope, { permission: 'vendor_bank_account.change', userId: owner.id, subject: facts, ...people });
  if (owner.status !== 'active' && owner.status !== 'suspended') fail('transition_not_allowed');
  const row = await requireBankChange(scope, owner.id, change);
  if (row.version !== change.version) fail('subject_changed', { extra: { changed: ['account'] } });
  if (requestedBy === owner.id) await requireNoHold(scope, owner.id);
  await write(scope, owner, { row, change, approvedBy });
  scope.touched(owner.id, row.vendorId, row.id);
  const event = eventOf[change.operation];
  scope.emit({ name: event, aggregateId: row.vendorId, payload: { vendorId: row.vendorId, accountId: row.id } });
}

const eventOf: Readonly<Record<BankOperation, string>> = {
  add: 'identity.bank_account.verified',
  verify: 'identity.bank_account.verified',
  set_default: 'identity.bank_account.changed',
  change: 'identity.bank_account.changed',
  remove: 'identity.bank_account.removed',
};

/** Payouts of the owner's are held after a reset of factors and after a report: what they ask meanwhile may not be theirs. @throws AppError 403 `account_frozen` */
export async function requireNoHold({ tx, now }: Pick<CommandScope, 'tx' | 'now'>, userId: string): Promise<void> {
  const { payoutHoldUntil } = await tx.user.findUniqueOrThrow({ where: { id: userId }, select: { payoutHoldUntil: true } });
  if (payoutHoldUntil && payoutHoldUntil > now) fail('account_frozen');
}

type Written = { row: VendorBankAccount; change: BankChange; approvedBy: string };

async function write(scope: CommandScope, owner: AccountRow, { row, change, approvedBy }: Written): Promise<void> {
  const verified = { status: 'verified' as const, verifiedAt: scope.now, verifiedBy: approvedBy, approvedBy };
  const hasDefault = (await scope.tx.vendorBankAccount.count({ where: { vendorId: row.vendorId, isDefault: true } })) > 0;
  switch (change.operation) {
    case 'add':
    case 'verify':
      return update(scope, row.id, { ...verified, isDefault: !hasDefault });
    case 'change': {
      const details = change.details ?? fail('required');
      // In place, so that its history shows the old bank and last digits beside the new ones.
      return update(scope, row.id, {
        ...detailColumns(scope.deps, owner, { id: row.id, details }),
        ...verified,
        isDefault: row.isDefault || !hasDefault,
      });
    }
    case 'set_default':
      await scope.tx.vendorBankAccount.updateMany({
        where: { vendorId: row.vendorId, isDefault: true },
        data: { isDefault: false, version: { increment: 1 } },
      });
      return update(scope, row.id, { isDefault: true, approvedBy });
    case 'remove':
      return update(scope, row.id, { status: 'removed', isDefault: false, approvedBy });
    default:
      return change.operation satisfies never;
  }
}

async function update({ tx }: CommandScope, id: string, data: Prisma.VendorBankAccountUncheckedUpdateManyInput): Promise<void> {
  await tx.vendorBankAccount.updateMany({ where: { id }, data: { ...data, version: { increment: 1 } } });
}
