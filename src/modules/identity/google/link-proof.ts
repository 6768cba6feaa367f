import { z } from 'zod';
import type { CommandDeps, CommandScope, Refusal } from '../../../foundation/command/command.ts';
import { validationError } from '../../../foundation/errors/app-error.ts';
import { type AttemptBucket, type AttemptDecision, returnAttempt, takeAttempt } from '../../../foundation/runtime/attempt-bucket.ts';
import type { AccountRow } from '../account.ts';
import { passed, type RuleStep } from '../history/rule-trace.ts';
import { type Consumed, type ConsumedFlow, consumeCode, consumeProof, type OtpFlow } from '../otp-flow.ts';
import { parseOtp } from '../otp-format.ts';
import type { CheckedAssertion } from '../passkeys/passkey-assertion.ts';
import { checkPasskeyProof, settlePasskeyProof } from '../passkeys/passkey-proof.ts';
import { assertionResponse } from '../passkeys/response-shapes.ts';
import type { Amr, ClientRef } from '../sign-in-shapes.ts';

export const linkProof = z.discriminatedUnion('method', [
  z.object({ method: z.literal('password'), password: z.string() }),
  z.object({ method: z.literal('otp'), code: z.string() }),
  z.object({ method: z.literal('passkey'), challengeId: z.string(), response: assertionResponse }),
]);
type LinkProof = z.infer<typeof linkProof>;

/** What was found out before the transaction. */
export type PreparedProof =
  | { method: 'otp'; code: string }
  | { method: 'password'; attempt: Attempt | null; comparedHash: string | null; isMatch: boolean }
  | { method: 'passkey'; challengeId: string; checked: CheckedAssertion };

type Given = { proof: LinkProof; flow: OtpFlow | null; account: AccountRow | null };

type Attempt = { bucket: AttemptBucket; decision: AttemptDecision };

/**
 * Beside the five tries of a flow, wrong passwords on this way are counted per address, decoys alike: a new flow with Google must
 * not be a way around the limits of a sign-in by password (auth-api.md P9).
 */
const passwordBucket = (targetBidx: Uint8Array): AttemptBucket => ({
  name: 'link-password',
  key: Buffer.from(targetBidx).toString('base64url'),
  limit: 50,
  windowSeconds: 3600,
  waits: [900],
});

/** The slow half. One bcrypt comparison for every password on a flow that takes it, decoys included. @throws AppError 422 `otp_malformed` */
export async function prepareLinkProof(deps: CommandDeps, { proof, flow, account }: Given): Promise<PreparedProof> {
  if (proof.method === 'otp') {
    const code = parseOtp(proof.code);
    if (!code.ok) throw validationError([{ path: 'proof.code', code: code.code }]);
    return { method: 'otp', code: code.value };
  }
  if (proof.method === 'passkey') {
    const { challengeId, response } = proof;
    const checked = await checkPasskeyProof(deps, { kind: 'passkey_sign_in', challengeId, response, ownerId: null });
    return { method: 'passkey', challengeId, checked };
  }
  return comparePassword(deps, { password: proof.password, flow, account });
}

async function comparePassword(
  deps: CommandDeps,
  { password, flow, account }: Omit<Given, 'proof'> & { password: string },
): Promise<PreparedProof> {
  const now = deps.clock.now();
  const isOpen = flow?.purpose === 'link' && flow.consumedAt === null && flow.attemptsLeft > 0 && flow.flowExpiresAt > now;
  if (!isOpen || !flow.targetBidx) return { method: 'password', attempt: null, comparedHash: null, isMatch: false };
  const bucket = passwordBucket(flow.targetBidx);
  const attempt = { bucket, decision: await takeAttempt(deps.database.pool, bucket, now) };
  const comparedHash = account?.passwordHash ?? null;
  if (!attempt.decision.isAllowed) return { method: 'password', attempt, comparedHash, isMatch: false };
  try {
    const { isMatch } = await deps.hasher.verify(password, comparedHash);
    return { method: 'password', attempt, comparedHash, isMatch };
  } catch (error) {
    await returnAttempt(deps.database.pool, bucket);
    throw error;
  }
}

type About = { flowId: string; client: ClientRef; subject: AccountRow | null };

export type JudgedProof = {
  method: LinkProof['method'];
  amr: readonly Amr[];
  isSecondFactorDone: boolean;
  flow: ConsumedFlow;
  step: RuleStep;
};

/** The half inside the transaction: takes one of the five tries, and uses the flow up when the proof is right. */
export async function judgeLinkProof(scope: CommandScope, about: About, proof: PreparedProof): Promise<JudgedProof | Refusal> {
  switch (proof.method) {
    case 'otp': {
      const consumed = await consumeCode(scope, about.flowId, 'link', proof.code);
      return consumed.isRight ? judged('otp', consumed.flow, ['otp']) : { refused: consumed.refused };
    }
    case 'password':
      return judgePassword(scope, about, proof);
    case 'passkey':
      return judgePasskey(scope, about, proof);
    default:
      return proof satisfies never;
  }
}

async function judgePassword(
  scope: CommandScope,
  { flowId, subject }: About,
  { attempt, isMatch }: PreparedProof & { method: 'password' },
): Promise<JudgedProof | Refusal> {
  if (attempt && !attempt.decision.isAllowed)
    return { refused: 'rate_limited', details: { retryAfterSeconds: attempt.decision.retryAfterSeconds, limit: attempt.decision } };
  const isSwitchedOff = isMatch && subject?.passwordDisabled === true;
  const consumed = isSwitchedOff ? null : await consumeProof(scope, { flowId, purpose: 'link', isRight: isMatch });
  // Only a wrong password on a flow that still took it is a failure.
  const isFailure = consumed !== null && !consumed.isRight && consumed.refused === 'otp_invalid';
  if (attempt && !isFailure) await returnAttempt(scope.tx, attempt.bucket);
  if (consumed === null) return { refused: 'password_disabled' };
  return consumed.isRight ? judged('password', consumed.flow, ['pwd']) : wrongProof(scope, flowId, consumed, 'invalid_credentials');
}

/** A passkey names its owner, who must be the one that the flow is about. The challenge is used up either way. */
async function judgePasskey(
  scope: CommandScope,
  { flowId, client, subject }: About,
  { challengeId, checked }: PreparedProof & { method: 'passkey' },
): Promise<JudgedProof | Refusal> {
  const challenge = { kind: 'passkey_sign_in', challengeId, clientId: client.clientId, challengeOwnerId: null } as const;
  const settled = await settlePasskeyProof(scope, checked, challenge);
  if ('refused' in settled && settled.refused === 'challenge_expired') return { refused: settled.refused };
  const isRight = !('refused' in settled) && settled.userId === subject?.id;
  const consumed = await consumeProof(scope, { flowId, purpose: 'link', isRight });
  if (!consumed.isRight) return wrongProof(scope, flowId, consumed, 'passkey_invalid');
  return { ...judged('passkey', consumed.flow, ['hwk', 'user']), isSecondFactorDone: true };
}

function judged(method: LinkProof['method'], flow: ConsumedFlow, amr: readonly Amr[]): JudgedProof {
  return { method, amr, isSecondFactorDone: false, flow, step: passed('link_proof') };
}

/** A live flow of another purpose is `otp_invalid` on every route (auth-api.md 1.9); only a wrong proof of this flow has its own code. */
async function wrongProof(
  scope: CommandScope,
  flowId: string,
  consumed: Consumed & { isRight: false },
  code: 'invalid_credentials' | 'passkey_invalid',
): Promise<Refusal> {
  if (consumed.refused !== 'otp_invalid') return { refused: consumed.refused };
  const flow = await scope.tx.otpFlow.findUnique({ where: { id: flowId }, select: { purpose: true } });
  return { refused: flow?.purpose === 'link' ? code : 'otp_invalid' };
}
