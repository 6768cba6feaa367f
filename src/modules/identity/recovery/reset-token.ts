import { type OtpFlow, Prisma } from '@prisma/client';
import type { CommandDeps, CommandScope } from '../../../foundation/command/command.ts';
import { sha256 } from '../../../foundation/crypto/digest.ts';
import { randomToken } from '../../../foundation/crypto/random-token.ts';
import { addSeconds } from '../../../foundation/runtime/clock.ts';
import type { Tx } from '../../../foundation/runtime/database.ts';

/** The flow behind a reset token that would work now. */
export type OpenReset = Pick<OtpFlow, 'id'> & { userId: string; targetBidx: Uint8Array };

/** 256 random bits for a code that was right, of which only the hash is kept; they live RESET_TOKEN_TTL_S. */
export async function grantReset(scope: CommandScope, flowId: string): Promise<string> {
  const resetToken = randomToken(32);
  await scope.tx.$executeRaw`
    UPDATE identity.otp_flow
       SET grant_hash = ${sha256(resetToken)}, grant_expires_at = ${addSeconds(scope.now, scope.deps.config.resetTokenTtlSeconds)}::timestamptz,
           updated_at = ${scope.now}::timestamptz
     WHERE id = ${flowId}::uuid`;
  return resetToken;
}

/**
 * A token of either kind: the grant of a code, or the fragment of a mail link, which lives RESET_LINK_TTL_S from its sending (a
 * code's end minus its life) and does not share the tries of the code. A link whose code was used is over with it.
 */
function isGood(deps: Pick<CommandDeps, 'config'>, token: string, now: Date): Prisma.Sql {
  const { resetLinkTtlSeconds, otpEmailTtlSeconds } = deps.config;
  const hash = sha256(token);
  const codeEnds = addSeconds(now, otpEmailTtlSeconds - resetLinkTtlSeconds);
  return Prisma.sql`
    purpose = 'reset' AND subject_type = 'user' AND NOT decoy AND superseded_at IS NULL
    AND ((grant_hash = ${hash} AND grant_expires_at > ${now}::timestamptz)
      OR (link_hash = ${hash} AND consumed_at IS NULL AND expires_at > ${codeEnds}::timestamptz))`;
}

/** Looks without using up; null for unknown, used, over-age and superseded tokens. */
export async function findReset(deps: CommandDeps, token: string): Promise<OpenReset | null> {
  const [found] = await deps.database.prisma.$queryRaw<OpenReset[]>(Prisma.sql`
    SELECT id, subject_id AS "userId", target_bidx AS "targetBidx" FROM identity.otp_flow WHERE ${isGood(deps, token, deps.clock.now())}`);
  return found ?? null;
}

/** Uses it up: one conditional UPDATE, so that of n parallel resets one gets true. */
export async function redeemReset(scope: CommandScope, flowId: string, token: string): Promise<boolean> {
  const used = await scope.tx.$executeRaw(Prisma.sql`
    UPDATE identity.otp_flow
       SET consumed_at = COALESCE(consumed_at, ${scope.now}::timestamptz), grant_hash = NULL, grant_expires_at = NULL, link_hash = NULL,
           updated_at = ${scope.now}::timestamptz
     WHERE id = ${flowId}::uuid AND ${isGood(scope.deps, token, scope.now)}`);
  return used === 1;
}

/** Every link, code and grant that could still reset dies: those of a contact for a newer request, those of a person for a new password. */
export async function supersedeResets(scope: { tx: Tx; now: Date }, of: { targetBidx: Uint8Array } | { userId: string }): Promise<void> {
  const whose =
    'userId' in of ? Prisma.sql`subject_type = 'user' AND subject_id = ${of.userId}::uuid` : Prisma.sql`target_bidx = ${of.targetBidx}`;
  await scope.tx.$executeRaw(Prisma.sql`
    UPDATE identity.otp_flow
       SET superseded_at = ${scope.now}::timestamptz, grant_hash = NULL, grant_expires_at = NULL, updated_at = ${scope.now}::timestamptz
     WHERE purpose = 'reset' AND superseded_at IS NULL AND (consumed_at IS NULL OR grant_hash IS NOT NULL) AND ${whose}`);
}
