import { z } from 'zod';
import type { CommandDeps } from '../../../foundation/command/command.ts';
import { validationError } from '../../../foundation/errors/app-error.ts';
import { type AccountRow, requireDataKey } from '../account.ts';
import { bytesOf } from '../bytes.ts';
import { requiredText } from '../profiles/texts.ts';
import { bankNameOf } from './banks.ts';
import { isNuban } from './nuban.ts';

/** A payout account as somebody types it; spaces inside the number are dropped. */
export const bankDetailsFields = {
  bankCode: z.string().transform((typed) => typed.trim()),
  accountNumber: z.string().transform((typed) => typed.replaceAll(/\s/g, '')),
  accountName: requiredText(150).refine((name) => name === '' || /\p{L}/u.test(name), { params: { code: 'name_invalid' } }),
};
export type BankDetails = { bankCode: string; accountNumber: string; accountName: string };

/** @throws AppError 422 `nuban_invalid` at the bank that is not in the list, or at the number */
export function requireNuban({ bankCode, accountNumber }: BankDetails): void {
  if (bankNameOf(bankCode) === null) throw validationError([{ path: 'bankCode', code: 'nuban_invalid' }]);
  if (!isNuban(bankCode, accountNumber)) throw validationError([{ path: 'accountNumber', code: 'nuban_invalid' }]);
}

/** Where the number and the name of an account belong, encrypted under the data key of the store's owner. */
export const bankBox = (column: 'account_number_enc' | 'account_name_enc', accountId: string): string =>
  `vendor_bank_account.${column}:${accountId}`;

/** The same number is the same account only at the same bank. */
export function accountBidx({ keyring }: Pick<CommandDeps, 'keyring'>, { bankCode, accountNumber }: BankDetails): Uint8Array<ArrayBuffer> {
  return bytesOf(keyring.blindIndex('account', `${bankCode}:${accountNumber}`));
}

/** "GTBank ••••6789", for lists, requests and messages. */
export function accountWords({ bankName, accountLast4 }: { bankName: string; accountLast4: string }): string {
  return `${bankName} ••••${accountLast4}`;
}

/** The columns of an account that hold the details; whether the name is the owner's is said as far as the profile tells. */
export function detailColumns(deps: Pick<CommandDeps, 'keyring'>, owner: AccountRow, account: { id: string; details: BankDetails }) {
  const { id, details } = account;
  const dataKey = requireDataKey(deps.keyring, owner);
  const seal = (column: Parameters<typeof bankBox>[0], clear: string) =>
    bytesOf(deps.keyring.encryptField(dataKey, bankBox(column, id), clear));
  return {
    bankCode: details.bankCode,
    bankName: bankNameOf(details.bankCode) ?? details.bankCode,
    accountNameEnc: seal('account_name_enc', details.accountName),
    accountNameMasked: maskName(details.accountName),
    accountNumberEnc: seal('account_number_enc', details.accountNumber),
    accountNumberBidx: accountBidx(deps, details),
    accountLast4: details.accountNumber.slice(-4),
    nameMatched: isSameName(details.accountName, [owner.firstName, owner.lastName].filter(Boolean).join(' ')),
  };
}

/** First letters of at most four words: "A••• O•••". */
function maskName(name: string): string {
  const words = name.split(/\s+/).slice(0, 4);
  return words.map((word) => `${[...word][0] ?? ''}•••`).join(' ');
}

/**
 * Whether two names are one person's: all words of the shorter one stand in the longer one, in any order. Null where one says nothing,
 * or is a single word among others.
 */
export function isSameName(one: string, other: string): boolean | null {
  const [shorter = [], longer = []] = [wordsOf(one), wordsOf(other)].sort((left, right) => left.length - right.length);
  if (shorter.length === 0) return null;
  if (!shorter.every((word) => longer.includes(word))) return false;
  return shorter.length > 1 || longer.length === 1 ? true : null;
}

/** Lower case, without marks, by anything that is no letter. */
function wordsOf(name: string): string[] {
  const plain = name.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();
  return [...new Set(plain.split(/[^\p{L}]+/u).filter(Boolean))];
}
