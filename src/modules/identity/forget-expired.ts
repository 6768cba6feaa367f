import { z } from 'zod';
import { defineCommand } from '../../foundation/command/command.ts';
import { addSeconds } from '../../foundation/runtime/clock.ts';

const input = z.object({});

export type Forgotten = {
  registrations: number;
  flows: number;
  challenges: number;
  singleUses: number;
  enrolments: number;
  refreshTokens: number;
  callerChecks: number;
  invitations: number;
};

const hour = 3600;

/**
 * Deletes what proved nothing in time: registrations and flows of 48 hours ago, challenges, single-use values and unconfirmed
 * authenticators of a day ago, caller checks and refresh tokens of sessions that ended a day ago. Repeating it finds nothing more to delete.
 */
export const forgetExpired = defineCommand<z.infer<typeof input>, Forgotten>({
  name: 'forget-expired',
  resource: 'registration',
  access: 'system',
  input,
  isIdempotent: false,
  async run({ tx, now, note }) {
    const [hours24, hours48] = [addSeconds(now, -24 * hour), addSeconds(now, -48 * hour)];
    const registrations = await tx.pendingRegistration.deleteMany({ where: { expiresAt: { lt: hours48 } } });
    const flows = await tx.otpFlow.deleteMany({ where: { flowExpiresAt: { lt: hours48 } } });
    const challenges = await tx.mfaChallenge.deleteMany({ where: { expiresAt: { lt: hours24 } } });
    const singleUses = await tx.singleUse.deleteMany({ where: { expiresAt: { lt: hours24 } } });
    const enrolments = await tx.totp.deleteMany({ where: { confirmedAt: null, createdAt: { lt: hours24 } } });
    const refreshTokens = await tx.refreshToken.deleteMany({
      where: {
        session: { OR: [{ revokedAt: { lt: hours24 } }, { absoluteExpiresAt: { lt: hours24 } }, { idleExpiresAt: { lt: hours24 } }] },
      },
    });
    const callerChecks = await tx.callerCheck.deleteMany({ where: { expiresAt: { lt: hours24 } } });
    // An invitation can be sent again for a month; then its address is nobody's business any more.
    const invitations = await tx.staffInvite.updateMany({
      where: { expiresAt: { lt: addSeconds(now, -30 * 24 * hour) }, emailEnc: { not: null } },
      data: { emailEnc: null, emailBidx: null, wrappedRowKey: null, kekKid: null },
    });
    const forgotten = {
      registrations: registrations.count,
      flows: flows.count,
      challenges: challenges.count,
      singleUses: singleUses.count,
      enrolments: enrolments.count,
      refreshTokens: refreshTokens.count,
      callerChecks: callerChecks.count,
      invitations: invitations.count,
    };
    note(
      Object.entries(forgotten)
        .map(([what, count]) => `${what} ${count}`)
        .join(', '),
    );
    return forgotten;
  },
});
