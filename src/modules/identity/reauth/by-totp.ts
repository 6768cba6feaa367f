import { z } from 'zod';
import type { CommandDeps } from '../../../foundation/command/command.ts';
import type { RequestContext } from '../../../foundation/runtime/request-context.ts';
import { customerOf } from '../freshness.ts';
import { recordLogin } from '../history/login-event.ts';
import { stepOf } from '../history/rule-trace.ts';
import { presentedDeviceId } from '../known-device.ts';
import { requireOtp } from '../otp-format.ts';
import { isFactorRight, returnFactorAttempt, takeFactorAttempt } from '../second-factor.ts';
import { callerFields } from '../sign-in-shapes.ts';
import type { Judge } from './proof.ts';

export const totpProof = z.object({ method: z.literal('totp'), code: z.string(), ...callerFields });

/** Counts over all factors (auth-api.md P10). Refusals: `mfa_invalid`, `mfa_locked`. @throws AppError 422 `otp_malformed` */
export async function proveByTotp(deps: CommandDeps, body: z.infer<typeof totpProof>, context: RequestContext): Promise<Judge> {
  const code = requireOtp(body.code);
  const deviceId = presentedDeviceId(deps, body.device);
  const decision = await takeFactorAttempt(deps, customerOf(context).id);
  return async (scope, account) => {
    const attempt = {
      userId: account.id,
      identifierBidx: null,
      deviceId,
      method: 'otp',
      trace: [stepOf('second_factor', decision)],
    } as const;
    if (!decision.isAllowed) {
      await recordLogin(scope, { ...attempt, outcome: 'blocked', reasonCode: 'mfa_locked' });
      return { refused: 'mfa_locked', details: { retryAfterSeconds: decision.retryAfterSeconds } };
    }
    if (!(await isFactorRight(scope, account, { method: 'totp', code }))) {
      await recordLogin(scope, { ...attempt, outcome: 'failed', reasonCode: 'mfa_invalid' });
      return { refused: 'mfa_invalid' };
    }
    await returnFactorAttempt(scope, account.id);
    return { amr: ['otp', 'mfa'], isSecondFactor: true };
  };
}
