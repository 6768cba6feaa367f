import { z } from 'zod';
import { type CommandScope, defineCommand, type Refusal } from '../../../foundation/command/command.ts';
import { sha256 } from '../../../foundation/crypto/digest.ts';
import { addSeconds } from '../../../foundation/runtime/clock.ts';
import { newId } from '../../../foundation/runtime/new-id.ts';
import { lockAccount } from '../account.ts';
import { bytesOf } from '../bytes.ts';
import { endMfaTrust } from '../known-device.ts';
import { notMeLifeSeconds, readNotMeToken } from '../not-me-token.ts';
import { endSessions } from '../sessions/end-sessions.ts';
import { spendOnce } from '../single-use.ts';
import { endChallenges } from './new-password.ts';
import { mayReset } from './request-password-reset.ts';

const input = z.object({ token: z.string() });

const hour = 3600;
const freezeSeconds = 24 * hour;
/** product.md F107. */
const payoutHoldSeconds = 72 * hour;

/**
 * "This was not me", from a security notice. Ends the session that the notice named, or every one where it named none; forgets
 * its device; disables the password until a reset; closes the sensitive routes for 24 h and holds payouts for 72 h. The case has
 * the id that is answered: support opens it when the event arrives.
 * @throws AppError 410 `token_expired` for a token that is unknown, used or over 7 days old
 */
export const reportNotMe = defineCommand<z.infer<typeof input>, { caseId: string }>({
  name: 'report-not-me',
  resource: 'auth',
  access: 'public',
  input,
  isIdempotent: false,
  async run(scope, { token }) {
    const subject = readNotMeToken(scope.deps.keyring, token, scope.now);
    const account = subject && (await lockAccount(scope.tx, { userId: subject.userId }));
    if (!subject || !account || !mayReset(account)) return over;
    const { userId, sessionId } = subject;
    if (!(await spendOnce(scope, { kind: 'not_me', value: token, userId, lifeSeconds: notMeLifeSeconds }))) return over;
    await endSessions(scope, { userId, reason: 'not_me', ...(sessionId ? { sessionIds: [sessionId] } : {}) });
    if (sessionId) await forgetDeviceOf(scope, userId, sessionId);
    await endMfaTrust(scope, userId);
    await endChallenges(scope, userId);
    await closeAccount(scope, userId);
    const caseId = newId();
    scope.touched(userId, caseId);
    scope.emit({ name: 'identity.not_me.reported', aggregateId: userId, payload: { userId, sessionId, caseId } });
    return { caseId };
  },
});

const over: Refusal = { refused: 'token_expired', details: { status: 410 } };

/** A report never shortens what an earlier one closed. */
async function closeAccount({ tx, now }: CommandScope, userId: string): Promise<void> {
  await tx.$executeRaw`
    UPDATE identity."user"
       SET password_disabled = true, version = version + 1, updated_at = ${now}::timestamptz,
           frozen_until = GREATEST(frozen_until, ${addSeconds(now, freezeSeconds)}::timestamptz),
           payout_hold_until = GREATEST(payout_hold_until, ${addSeconds(now, payoutHoldSeconds)}::timestamptz)
     WHERE id = ${userId}::uuid`;
}

/** The stranger's device is new again: its next sign-in is told to the owner. */
async function forgetDeviceOf({ tx }: CommandScope, userId: string, sessionId: string): Promise<void> {
  const session = await tx.session.findFirst({ where: { id: sessionId, userId }, select: { deviceId: true } });
  if (session?.deviceId) await tx.knownDevice.deleteMany({ where: { userId, deviceHash: bytesOf(sha256(session.deviceId)) } });
}
