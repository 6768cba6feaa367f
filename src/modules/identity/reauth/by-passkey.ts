import { z } from 'zod';
import type { CommandDeps } from '../../../foundation/command/command.ts';
import type { RequestContext } from '../../../foundation/runtime/request-context.ts';
import { customerOf } from '../freshness.ts';
import { recordLogin } from '../history/login-event.ts';
import { stepOf } from '../history/rule-trace.ts';
import { presentedDeviceId } from '../known-device.ts';
import { checkPasskeyProof, settlePasskeyProof } from '../passkeys/passkey-proof.ts';
import { assertionResponse } from '../passkeys/response-shapes.ts';
import { returnFactorAttempt, takeFactorAttempt } from '../second-factor.ts';
import { callerFields } from '../sign-in-shapes.ts';
import type { Judge } from './proof.ts';

export const passkeyProof = z.object({
  method: z.literal('passkey'),
  challengeId: z.string(),
  response: assertionResponse,
  ...callerFields,
});

/** Counts over all factors (auth-api.md P10). Refusals: `passkey_invalid`, `challenge_expired`, `mfa_locked`. */
export async function proveByPasskey(deps: CommandDeps, body: z.infer<typeof passkeyProof>, context: RequestContext): Promise<Judge> {
  const actor = customerOf(context);
  const deviceId = presentedDeviceId(deps, body.device);
  const decision = await takeFactorAttempt(deps, actor.id);
  const given = { kind: 'passkey_reauth', challengeId: body.challengeId, response: body.response, ownerId: actor.id } as const;
  const checked = decision.isAllowed ? await checkPasskeyProof(deps, given) : null;
  return async (scope, account) => {
    const step = stepOf('second_factor', decision);
    const attempt = { userId: account.id, identifierBidx: null, deviceId, method: 'passkey' } as const;
    if (checked === null) {
      await recordLogin(scope, { ...attempt, trace: [step], outcome: 'blocked', reasonCode: 'mfa_locked' });
      return { refused: 'mfa_locked', details: { retryAfterSeconds: decision.retryAfterSeconds } };
    }
    const settled = await settlePasskeyProof(scope, checked, { ...given, clientId: null, challengeOwnerId: account.id });
    if ('refused' in settled) {
      // An answer to a challenge that is over was not looked at: it uses none of the ten tries.
      if (settled.refused === 'challenge_expired') await returnFactorAttempt(scope, account.id);
      await recordLogin(scope, { ...attempt, trace: [step, ...settled.trace], outcome: 'failed', reasonCode: settled.refused });
      return { refused: settled.refused };
    }
    await returnFactorAttempt(scope, account.id);
    return { amr: ['hwk', 'user'], isSecondFactor: true };
  };
}
