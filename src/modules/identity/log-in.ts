import { z } from 'zod';
import { type CommandDeps, type CommandScope, defineCommand, type Refusal } from '../../foundation/command/command.ts';
import type { RequestContext } from '../../foundation/runtime/request-context.ts';
import { type AccountRow, findAccount, lockAccount } from './account.ts';
import { type Contact, readContact } from './contact.ts';
import { recordLogin } from './history/login-event.ts';
import { passed, refused } from './history/rule-trace.ts';
import { identifierFields } from './identifier.ts';
import { limitAddress } from './limit-address.ts';
import { noteFailure } from './login-failure.ts';
import { type LoginReservation, reserveLogin, settleSuccess, settleUnmade } from './login-guard.ts';
import { emitCodeRequested, resendFlow } from './otp-flow.ts';
import { permitOf } from './permit.ts';
import { takeResend } from './send-caps.ts';
import { issueSession } from './sessions/issue-session.ts';
import { callerFields, type SignInOutcome } from './sign-in-shapes.ts';

const input = z.object({ ...identifierFields, password: z.string(), ...callerFields });
type Input = z.infer<typeof input>;

type Claim = { flowId: string; passwordHash: string };

/** What was found and compared before the transaction. `newHash` is set when the stored one is of an older pepper or cost. */
type Verified = {
  contact: Contact;
  account: AccountRow | null;
  /** Newest open registration of an identifier that has no account. */
  claim: Claim | null;
  reservation: LoginReservation;
  /** Whether the code of the claim may go out again. */
  maySend: boolean;
  /** Of the device token that came with it; null without one. */
  deviceId: string | null;
  isMatch: boolean;
  comparedHash: string | null;
  newHash: string | null;
};

/** Ways that stay open when the password way is closed. */
export const alternatives = ['otp', 'passkey', 'google', 'reset'] as const;

/**
 * Signs in by password. Unknown, closed, staff and Google-only accounts, and wrong, empty or oversized passwords, all take
 * one bcrypt comparison and give one answer (auth-api.md 2.2, P1, P2, P9).
 * @throws AppError 401 `invalid_credentials`, 403 `verification_required`, `account_suspended`, `password_disabled`, 429 `rate_limited`, 503 `overloaded`
 */
export const logIn = defineCommand<Input, SignInOutcome, Verified>({
  name: 'sign-in',
  resource: 'auth',
  access: 'public',
  input,
  isIdempotent: false,
  prepare,
  async run(scope, body, _loaded, verified) {
    const { reservation, contact } = verified;
    const userId = verified.account?.id ?? null;
    const { trace } = reservation;
    const attempt = { userId, identifierBidx: contact.bidx, deviceId: verified.deviceId, method: 'password', trace } as const;
    if (!reservation.isAllowed) {
      await recordLogin(scope, { ...attempt, outcome: 'blocked', reasonCode: 'rate_limited' });
      const { limit, retryAfterSeconds } = reservation;
      return { refused: 'rate_limited', details: { retryAfterSeconds, limit, extra: { alternatives } } };
    }
    const account = await lockAccount(scope.tx, { kind: contact.kind, bidx: contact.bidx });
    // Between comparison and lock the password may have been changed: then what was compared proves nothing.
    const isRight = verified.isMatch && (account === null || account.passwordHash === verified.comparedHash);
    const holder = account ?? verified.claim;
    if (!isRight || !holder) {
      await noteFailure(scope, userId, reservation);
      const steps = [...trace, refused('password')];
      await recordLogin(scope, { ...attempt, trace: steps, outcome: 'failed', reasonCode: 'invalid_credentials' });
      return { refused: 'invalid_credentials' };
    }
    const closed = refusalOf(account, reservation.isPasswordDisabled);
    if (closed) {
      const steps = [...trace, passed('password'), refused(closed.refused)];
      await recordLogin(scope, { ...attempt, trace: steps, outcome: 'failed', reasonCode: closed.refused });
      return closed;
    }
    if ('flowId' in holder) return askForVerification(scope, verified, holder);
    if (verified.newHash) await storeHash(scope, holder.id, verified.newHash);
    return issueSession(scope, {
      account: holder,
      method: 'password',
      amr: ['pwd'],
      isSecondFactorDone: false,
      permit: permitOf([...reservation.trace, passed('password')]),
      identifierBidx: contact.bidx,
      client: body.client,
      device: body.device,
    });
  },
});

async function prepare(deps: CommandDeps, body: Input, context: RequestContext): Promise<Verified> {
  const contact = readContact(deps, body);
  deps.hasher.requireRoom();
  const [account, claim] = await Promise.all([
    findAccount(deps.database.prisma, { kind: contact.kind, bidx: contact.bidx }),
    findClaim(deps, contact.bidx),
  ]);
  const device = body.device.token ? deps.keyring.deviceToken.read(body.device.token) : null;
  const reservation = await reserveLogin(deps, {
    ip: limitAddress(context.ip),
    identifierKey: contact.limitKey,
    identifierBidx: contact.bidx,
    userId: account?.id ?? null,
    device,
  });
  const base = { contact, account, claim: account ? null : claim, reservation, deviceId: device?.deviceId ?? null };
  if (!reservation.isAllowed) return { ...base, maySend: false, isMatch: false, comparedHash: null, newHash: null };
  const comparedHash = account ? passwordHashOf(account) : (claim?.passwordHash ?? null);
  try {
    const check = await deps.hasher.verify(body.password, comparedHash);
    const newHash = check.needsRehash && account ? await deps.hasher.hash(body.password) : null;
    if (check.isMatch && !isDisabled(account, reservation.isPasswordDisabled)) await settleSuccess(deps, reservation);
    const maySend = check.isMatch && base.claim !== null && (await takeResend(deps, base.claim.flowId));
    return { ...base, maySend, isMatch: check.isMatch, comparedHash, newHash };
  } catch (error) {
    await settleUnmade(deps, reservation);
    throw error;
  }
}

/** Only customers who may come back by password have a hash to compare; everyone else meets the dummy. */
function passwordHashOf(account: AccountRow): string | null {
  const isCustomer = account.kind !== 'staff' && (account.status === 'active' || account.status === 'suspended');
  return isCustomer ? account.passwordHash : null;
}

const isDisabled = (account: AccountRow | null, isDisabledHere: boolean) => isDisabledHere || account?.passwordDisabled === true;

/** What stands in the way of the right password, also of a registration that nobody verified yet (auth-api.md 1.9). */
function refusalOf(account: AccountRow | null, isDisabledHere: boolean): Refusal | null {
  if (isDisabled(account, isDisabledHere)) return { refused: 'password_disabled', details: { extra: { alternatives } } };
  return account?.status === 'suspended' ? { refused: 'account_suspended' } : null;
}

async function findClaim(deps: CommandDeps, identifierBidx: Uint8Array): Promise<Claim | null> {
  const [claim] = await deps.database.prisma.$queryRaw<{ flowId: string; passwordHash: string | null }[]>`
    SELECT flow_id AS "flowId", password_hash AS "passwordHash" FROM identity.pending_registration
     WHERE identifier_bidx = ${identifierBidx} AND NOT decoy AND consumed_at IS NULL AND expires_at > ${deps.clock.now()}::timestamptz
     ORDER BY created_at DESC, id DESC LIMIT 1`;
  return claim?.passwordHash ? { flowId: claim.flowId, passwordHash: claim.passwordHash } : null;
}

/** The right password of an unproved registration: the code goes out again, under the same cool-down and caps as a resend. */
async function askForVerification(scope: CommandScope, { contact, reservation, maySend }: Verified, claim: Claim): Promise<Refusal> {
  const resent = await resendFlow(scope, claim.flowId, { maySend });
  if (resent.kind === 'sent' && maySend) emitCodeRequested(scope, { ...resent.flow, sendNo: resent.sendNo });
  await recordLogin(scope, {
    userId: null,
    identifierBidx: contact.bidx,
    method: 'password',
    outcome: 'failed',
    reasonCode: 'verification_required',
    trace: [...reservation.trace, passed('password'), refused('verification_required')],
  });
  return { refused: 'verification_required', details: { extra: { flowId: claim.flowId } } };
}

async function storeHash(scope: CommandScope, userId: string, passwordHash: string): Promise<void> {
  await scope.tx.credential.updateMany({ where: { userId }, data: { passwordHash } });
}
