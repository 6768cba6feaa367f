import { Prisma, type SingleUse } from '@prisma/client';
import type { CommandScope } from '../../foundation/command/command.ts';
import { sha256 } from '../../foundation/crypto/digest.ts';
import { randomToken } from '../../foundation/crypto/random-token.ts';
import { addSeconds } from '../../foundation/runtime/clock.ts';
import { newId } from '../../foundation/runtime/new-id.ts';
import { bytesOf } from './bytes.ts';

export type SingleUseKind = SingleUse['kind'];

export type NewSingleUse = {
  kind: SingleUseKind;
  /** Only this API client can redeem it; null: any. */
  clientId: string | null;
  /** Only this person can redeem it; null: nobody in particular. */
  userId: string | null;
  lifeSeconds: number;
  /** Comes back to the redeemer. Sealed under the token, of which only the hash is kept: the database alone opens nothing. */
  payload?: unknown;
  /** Where the value is made elsewhere (a WebAuthn challenge). 32 random bytes, as base64url; otherwise made here. */
  token?: string;
};

/** Gives out something that serves once; the value is told to the caller and kept as SHA-256 only. */
export async function issueSingleUse(scope: CommandScope, thing: NewSingleUse): Promise<string> {
  const token = thing.token ?? randomToken(32);
  await scope.tx.singleUse.createMany({
    data: {
      id: newId(),
      createdAt: scope.now,
      kind: thing.kind,
      tokenHash: bytesOf(sha256(token)),
      clientId: thing.clientId,
      userId: thing.userId,
      box: thing.payload === undefined ? null : bytesOf(scope.deps.keyring.sealWith(token, JSON.stringify(thing.payload))),
      expiresAt: addSeconds(scope.now, thing.lifeSeconds),
    },
  });
  return token;
}

export type Redemption = { kind: SingleUseKind; token: string; clientId: string | null; userId: string | null };

/**
 * Uses it up. One conditional UPDATE: of n parallel redemptions one gets the payload. Null for unknown, used and over-age values
 * and those of another client or person, none of which is used up by that. A refusal that follows must be returned, not thrown, or
 * the value serves again.
 * @returns what was sealed, still to be parsed; `payload` is null where nothing was
 */
export async function redeemSingleUse(scope: CommandScope, given: Redemption): Promise<{ id: string; payload: unknown } | null> {
  const [row] = await scope.tx.$queryRaw<{ id: string; box: Uint8Array | null }[]>(Prisma.sql`
    UPDATE identity.single_use SET consumed_at = ${scope.now}::timestamptz
     WHERE kind = ${given.kind}::identity.single_use_kind AND token_hash = ${sha256(given.token)}
       AND client_id IS NOT DISTINCT FROM ${given.clientId} AND user_id IS NOT DISTINCT FROM ${given.userId}::uuid
       AND consumed_at IS NULL AND expires_at > ${scope.now}::timestamptz
    RETURNING id, box`);
  if (!row) return null;
  const opened = row.box ? scope.deps.keyring.openWith(given.token, row.box) : null;
  return { id: row.id, payload: opened === null ? null : JSON.parse(opened) };
}

/**
 * Marks a value that was made without being stored (an ID token, a token under a MAC) as used.
 * @returns false when it was used before, also by a parallel call
 */
export async function spendOnce(
  scope: CommandScope,
  { kind, value, userId, lifeSeconds }: { kind: SingleUseKind; value: string; userId: string | null; lifeSeconds: number },
): Promise<boolean> {
  const { now, tx } = scope;
  const marked = await tx.$executeRaw`
    INSERT INTO identity.single_use (id, created_at, kind, token_hash, user_id, expires_at, consumed_at)
    VALUES (${newId()}::uuid, ${now}::timestamptz, ${kind}::identity.single_use_kind, ${sha256(value)}, ${userId}::uuid,
            ${addSeconds(now, lifeSeconds)}::timestamptz, ${now}::timestamptz)
    ON CONFLICT (kind, token_hash) DO NOTHING`;
  return marked === 1;
}
