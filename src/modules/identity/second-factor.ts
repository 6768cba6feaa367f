import type { CommandDeps, CommandScope } from '../../foundation/command/command.ts';
import { isRecoveryCode, parseRecoveryCode } from '../../foundation/crypto/recovery-code.ts';
import { findTotpStep } from '../../foundation/crypto/totp.ts';
import { type AttemptBucket, type AttemptDecision, returnAttempt, takeAttempt } from '../../foundation/runtime/attempt-bucket.ts';
import { type AccountRow, requireDataKey } from './account.ts';

/** 10 wrong answers in 15 minutes over all challenges and factors lock them for an hour (auth-api.md P10). */
export const factorBucket = (userId: string): AttemptBucket => ({
  name: 'mfa',
  key: userId,
  limit: 10,
  windowSeconds: 900,
  waits: [3600],
});

export function takeFactorAttempt(deps: CommandDeps, userId: string): Promise<AttemptDecision> {
  return takeAttempt(deps.database.pool, factorBucket(userId), deps.clock.now());
}

/** A right answer counts nothing; it does not forgive earlier wrong ones of the same window either. */
export function returnFactorAttempt({ tx }: CommandScope, userId: string): Promise<void> {
  return returnAttempt(tx, factorBucket(userId));
}

export type FactorAnswer = { method: 'totp' | 'recovery_code'; code: string };

/** Where the box of a TOTP secret belongs. */
export const totpSecretBox = (userId: string) => `totp.secret_enc:${userId}`;

/** Whether the answer is right, and used up with that: a step or a code serves once, also in parallel. */
export function isFactorRight(scope: CommandScope, account: AccountRow, answer: FactorAnswer): Promise<boolean> {
  return answer.method === 'totp' ? useTotp(scope, account, answer.code) : useRecoveryCode(scope, account.id, answer.code);
}

async function useTotp(scope: CommandScope, account: AccountRow, code: string): Promise<boolean> {
  const totp = await scope.tx.totp.findUnique({ where: { userId: account.id } });
  if (!totp?.confirmedAt) return false;
  const { keyring } = scope.deps;
  const secret = keyring.decryptField(requireDataKey(keyring, account), totpSecretBox(account.id), totp.secretEnc);
  const step = findTotpStep(secret, digitsOf(code), scope.now);
  return step !== null && spendStep(scope, account.id, step);
}

/** Compare-and-set on the last step: it and every earlier one is refused from now on (P11). */
export async function spendStep(scope: CommandScope, userId: string, step: number): Promise<boolean> {
  const { count } = await scope.tx.totp.updateMany({
    where: { userId, OR: [{ lastStep: null }, { lastStep: { lt: BigInt(step) } }] },
    data: { lastStep: BigInt(step) },
  });
  return count === 1;
}

async function useRecoveryCode(scope: CommandScope, userId: string, typed: string): Promise<boolean> {
  const parsed = parseRecoveryCode(typed);
  if (!parsed) return false;
  const row = await scope.tx.recoveryCode.findUnique({ where: { userId_slot: { userId, slot: parsed.slot } } });
  if (!row || row.usedAt) return false;
  if (!isRecoveryCode(scope.deps.keyring, parsed.canonical, row.codeHash)) return false;
  const { count } = await scope.tx.recoveryCode.updateMany({ where: { id: row.id, usedAt: null }, data: { usedAt: scope.now } });
  return count === 1;
}

/** As people type it: one space or hyphen, spaces around. */
export function digitsOf(code: string): string {
  return code.trim().replace(/[ -]/, '');
}
