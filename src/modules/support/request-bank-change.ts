import type { VendorBankAccount } from '@prisma/client';
import { z } from 'zod';
import { type Command, type CommandScope, defineCommand, type Refusal } from '../../foundation/command/command.ts';
import { fail } from '../../foundation/errors/app-error.ts';
import {
  type ApprovalSubject,
  accountWords,
  type BankOperation,
  bankAccountFacts,
  bankDetailsFields,
  bankNameOf,
  lockSubject,
  requireBankChange,
} from '../identity/index.ts';
import { askerOf } from './asker.ts';
import { bankPayload } from './bank-payload.ts';
import { openApproval } from './open-approval.ts';

/** `id` is the account's. */
const one = z.strictObject({ id: z.uuid() });
const another = one.extend(bankDetailsFields);

type One = z.infer<typeof one>;
type Another = z.infer<typeof another>;
type Asked = { approvalId: string; expiresAt: Date };

/**
 * What finance asks for about a payout account of a store; another member of finance has to approve it within 48 hours, and nothing
 * changes before (product.md 5.3, F84).
 * @throws AppError 403 `forbidden`, `step_up_required`, 404 `not_found`, 409 `approval_open`, `transition_not_allowed`
 */
function asking(operation: Exclude<BankOperation, 'add' | 'change'>, words: string): Command<One, Asked, undefined, ApprovalSubject> {
  return defineCommand<One, Asked, undefined, ApprovalSubject>({
    ...shared(operation),
    input: one,
    preview: async () => [words, ...always],
    run: (scope, { id }, subject) => ask(scope, subject, { operation, accountId: id }),
  });
}

/**
 * The same for another bank and number in the place of the old ones.
 * @throws AppError also 409 `bank_account_exists`, 422 `nuban_invalid`, `name_invalid`
 */
const askChange = defineCommand<Another, Asked, undefined, ApprovalSubject>({
  ...shared('change'),
  input: another,
  async preview(scope, { id, bankCode, accountNumber }) {
    const before = (await bankAccountFacts(scope.tx, id)) ?? fail('not_found');
    const after = accountWords({ bankName: bankNameOf(bankCode) ?? bankCode, accountLast4: accountNumber.slice(-4) });
    return [`Asks to replace ${accountWords(before)} by ${after}.`, ...always];
  },
  run: (scope, { id, ...details }, subject) => ask(scope, subject, { operation: 'change', accountId: id, details }),
});

export const bankRequests = {
  verify: asking('verify', 'Asks to let payouts go to this account.'),
  setDefault: asking('set_default', 'Asks to pay everything out to this account from then on.'),
  remove: asking('remove', 'Asks to take this account away: nothing is paid out to it any more.'),
  change: askChange,
};

const always = ['A second member of finance decides within 48 hours; nothing changes before.', 'Once carried out the owner is told.'];

function shared(operation: BankOperation) {
  return {
    name: `request-bank-${operation.replace('_', '-')}`,
    resource: 'vendor_bank_account',
    access: `vendor_bank_account.${operation === 'add' ? 'change' : operation}`,
    half: 'request',
    isIdempotent: true,
    load: loadOwner,
    subject: ({ facts }: ApprovalSubject) => facts,
  } as const;
}

async function loadOwner(scope: CommandScope, { id }: One): Promise<ApprovalSubject> {
  const found = await bankAccountFacts(scope.tx, id);
  return (found?.ownerUserId && (await lockSubject(scope, found.ownerUserId))) || fail('not_found');
}

type Wanted = { operation: BankOperation; accountId: string; details?: Omit<Another, 'id'> };

async function ask(scope: CommandScope, subject: ApprovalSubject, wanted: Wanted): Promise<Asked | Refusal> {
  const { by, words } = askerOf(scope);
  const row = await requireBankChange(scope, subject.account.id, wanted);
  const opened = await openBankApproval(scope, { subject, row, wanted, requestedBy: by, reason: words });
  return opened ? { approvalId: opened.id, expiresAt: opened.expiresAt } : { refused: 'approval_open' };
}

/** Opens the request about an account; one per account is open at a time. Null where one is. */
export function openBankApproval(
  scope: CommandScope,
  asked: { subject: ApprovalSubject; row: VendorBankAccount; wanted: Wanted; requestedBy: string; reason: string | null },
) {
  const { subject, row, wanted, requestedBy, reason } = asked;
  return openApproval(scope, {
    kind: 'bank_change',
    subjectUserId: subject.account.id,
    subjectId: row.id,
    requestedBy,
    reason,
    payload: bankPayload.seal({ ...wanted, version: row.version }),
    summary: summaryOf(row, wanted),
    restsOn: { subject, parts: ['contact', 'status'] },
    ticket: scope.ticketId,
  });
}

const operationWords: Readonly<Record<BankOperation, string>> = {
  add: 'new account',
  verify: 'verify',
  set_default: 'make default',
  remove: 'remove',
  change: 'replace',
};

/** "replace GTBank ••••6789 by Access Bank ••••1234" */
function summaryOf(row: VendorBankAccount, { operation, details }: Wanted): string {
  const after = details && accountWords({ bankName: bankNameOf(details.bankCode) ?? '', accountLast4: details.accountNumber.slice(-4) });
  return `${operationWords[operation]} ${accountWords(row)}${after ? ` by ${after}` : ''}`.slice(0, 200);
}
