import type { CommandDeps, CommandScope, Refusal } from '../../../foundation/command/command.ts';
import type { RequestContext } from '../../../foundation/runtime/request-context.ts';
import { type AccountRow, requireContact } from '../account.ts';
import { contactOf } from '../contact.ts';
import { recordLogin } from '../history/login-event.ts';
import { passed, refused } from '../history/rule-trace.ts';
import { limitAddress } from '../limit-address.ts';
import { alternatives } from '../log-in.ts';
import { noteFailure } from '../login-failure.ts';
import { type LoginReservation, reserveLogin, settleSuccess, settleUnmade } from '../login-guard.ts';

/** The verdict on a password that a signed-in person gave, before the transaction. */
export type PasswordProof = {
  reservation: LoginReservation;
  isMatch: boolean;
  comparedHash: string | null;
  identifierBidx: Buffer;
  deviceId: string | null;
};

/** Compares once, counting in the buckets of sign-in (P9). @throws AppError `overloaded`, `unavailable` */
export async function tryPassword(
  deps: CommandDeps,
  context: RequestContext,
  given: { account: AccountRow; password: string; deviceToken: string | null },
): Promise<PasswordProof> {
  const { account, password, deviceToken } = given;
  const contact = contactOf(deps, requireContact(deps.keyring, account));
  const device = deviceToken ? deps.keyring.deviceToken.read(deviceToken) : null;
  const reservation = await reserveLogin(deps, {
    ip: limitAddress(context.ip),
    identifierKey: contact.limitKey,
    identifierBidx: contact.bidx,
    userId: account.id,
    device,
  });
  const base = { reservation, comparedHash: account.passwordHash, identifierBidx: contact.bidx, deviceId: device?.deviceId ?? null };
  if (!reservation.isAllowed) return { ...base, isMatch: false };
  try {
    const { isMatch } = await deps.hasher.verify(password, account.passwordHash);
    if (isMatch && !reservation.isPasswordDisabled && !account.passwordDisabled) await settleSuccess(deps, reservation);
    return { ...base, isMatch };
  } catch (error) {
    await settleUnmade(deps, reservation);
    throw error;
  }
}

/**
 * The refusal of a proof, recorded and counted; null when it holds. The account is locked.
 * @returns codes `rate_limited`, `invalid_credentials`, `password_disabled`
 */
export async function judgePassword(scope: CommandScope, account: AccountRow, proof: PasswordProof): Promise<Refusal | null> {
  const { reservation, identifierBidx, deviceId } = proof;
  const { trace } = reservation;
  const attempt = { userId: account.id, identifierBidx, deviceId, method: 'password' } as const;
  if (!reservation.isAllowed) {
    await recordLogin(scope, { ...attempt, trace, outcome: 'blocked', reasonCode: 'rate_limited' });
    const { limit, retryAfterSeconds } = reservation;
    return { refused: 'rate_limited', details: { retryAfterSeconds, limit, extra: { alternatives } } };
  }
  if (!proof.isMatch || account.passwordHash !== proof.comparedHash) {
    await noteFailure(scope, account.id, reservation);
    const steps = [...trace, refused('password')];
    await recordLogin(scope, { ...attempt, trace: steps, outcome: 'failed', reasonCode: 'invalid_credentials' });
    return { refused: 'invalid_credentials' };
  }
  if (!reservation.isPasswordDisabled && !account.passwordDisabled) return null;
  const steps = [...trace, passed('password'), refused('password_disabled')];
  await recordLogin(scope, { ...attempt, trace: steps, outcome: 'failed', reasonCode: 'password_disabled' });
  return { refused: 'password_disabled', details: { extra: { alternatives } } };
}
