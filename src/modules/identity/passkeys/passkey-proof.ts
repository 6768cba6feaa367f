import type { CommandDeps, CommandScope } from '../../../foundation/command/command.ts';
import { type RuleStep, refused } from '../history/rule-trace.ts';
import { acceptAssertion, type CheckedAssertion, checkAssertion } from './passkey-assertion.ts';
import { type ChallengeFor, challengeOf, redeemChallenge } from './passkey-challenge.ts';
import type { AssertionResponse } from './response-shapes.ts';

export type PasskeyProof = {
  kind: 'passkey_sign_in' | 'passkey_reauth';
  challengeId: string;
  response: AssertionResponse;
  /** Whose passkey it has to be; null for a sign-in without identifier. */
  ownerId: string | null;
};

/** First half, outside the transaction: signatures are verified here. */
export function checkPasskeyProof(deps: CommandDeps, proof: PasskeyProof): Promise<CheckedAssertion> {
  const { kind, challengeId, response, ownerId } = proof;
  return checkAssertion(deps, { challenge: challengeOf(deps, kind, challengeId), response, ownerId });
}

export type SettledProof =
  | { userId: string; trace: readonly RuleStep[] }
  /** `userId` is whose passkey was tried; null for an unknown one. */
  | { refused: 'challenge_expired' | 'passkey_invalid'; userId: string | null; trace: readonly RuleStep[] };

/**
 * Second half, inside: the challenge is used up by right and wrong answers alike, then the counter decides. Return the refusal, do
 * not throw it, or the challenge serves again.
 */
export async function settlePasskeyProof(
  scope: CommandScope,
  checked: CheckedAssertion,
  challenge: ChallengeFor & { challengeId: string },
): Promise<SettledProof> {
  const { userId } = checked;
  if (!(await redeemChallenge(scope, challenge.challengeId, challenge)))
    return { refused: 'challenge_expired', userId, trace: [refused('challenge')] };
  if (!checked.isRight) return { refused: 'passkey_invalid', userId, trace: [refused('passkey')] };
  const { isAccepted, trace } = await acceptAssertion(scope, checked);
  return isAccepted ? { userId: checked.userId, trace } : { refused: 'passkey_invalid', userId, trace };
}
