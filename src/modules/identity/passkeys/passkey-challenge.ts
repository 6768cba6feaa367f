import type { CommandDeps, CommandScope } from '../../../foundation/command/command.ts';
import { issueSingleUse, redeemSingleUse } from '../single-use.ts';
import { passkeyChallengeSeconds } from './passkey-options.ts';

export type PasskeyChallengeKind = 'passkey_sign_in' | 'passkey_registration' | 'passkey_reauth';

/** Whom a challenge is for: an API client (sign-in, nobody known yet) or a person (everything under /account). */
export type ChallengeFor = { kind: PasskeyChallengeKind; clientId: string | null; challengeOwnerId: string | null };

/**
 * What the authenticator signs for a challenge id: derived, so that an answer can be verified before the transaction that uses the
 * challenge up, and different for each kind, so that an answer of one ceremony is wrong in every other.
 */
export function challengeOf(deps: Pick<CommandDeps, 'keyring'>, kind: PasskeyChallengeKind, challengeId: string): string {
  return deps.keyring.keyedHash(`webauthn/${kind}`, challengeId).toString('base64url');
}

/** A challenge that lives 300 s and serves once. */
export async function issueChallenge(scope: CommandScope, given: ChallengeFor): Promise<{ challengeId: string; challenge: string }> {
  const { kind, clientId, challengeOwnerId } = given;
  const challengeId = await issueSingleUse(scope, { kind, clientId, userId: challengeOwnerId, lifeSeconds: passkeyChallengeSeconds });
  return { challengeId, challenge: challengeOf(scope.deps, kind, challengeId) };
}

/** Uses it up, whatever the answer is worth; false for unknown, used, over-age ones and those of another client or person. */
export async function redeemChallenge(scope: CommandScope, challengeId: string, given: ChallengeFor): Promise<boolean> {
  const { kind, clientId, challengeOwnerId } = given;
  return (await redeemSingleUse(scope, { kind, token: challengeId, clientId, userId: challengeOwnerId })) !== null;
}
