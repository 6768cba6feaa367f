import { z } from 'zod';
import type { CommandDeps, CommandScope } from '../../../foundation/command/command.ts';
import type { ErrorCode } from '../../../foundation/errors/catalogue.ts';
import { recordLogin } from '../history/login-event.ts';
import { refused } from '../history/rule-trace.ts';
import { presentedDeviceId } from '../known-device.ts';
import { consumeCode, findFlow } from '../otp-flow.ts';
import { requireOtp } from '../otp-format.ts';
import { callerFields } from '../sign-in-shapes.ts';
import type { Judge } from './proof.ts';

export const codeProof = z.object({ method: z.literal('otp'), flowId: z.string(), code: z.string(), ...callerFields });

/**
 * The code of a flow that start-reauth opened for this very person. Refusals: `otp_invalid`, `otp_expired`, `otp_exhausted`,
 * `flow_expired`. @throws AppError 422 `otp_malformed`
 */
export async function proveByCode(deps: CommandDeps, body: z.infer<typeof codeProof>): Promise<Judge> {
  const code = requireOtp(body.code);
  const deviceId = presentedDeviceId(deps, body.device);
  return async (scope, account) => {
    const failure = await tryCode(scope, { userId: account.id, flowId: body.flowId, code });
    if (failure === null) return { amr: ['otp'], isSecondFactor: false };
    const attempt = { userId: account.id, identifierBidx: null, deviceId, method: 'otp', trace: [refused('reauth_code')] } as const;
    await recordLogin(scope, { ...attempt, outcome: 'failed', reasonCode: failure });
    return { refused: failure };
  };
}

/** Null when it was right. Another person's flow is as good as unknown: nothing of it is counted or used up. */
async function tryCode(scope: CommandScope, given: { userId: string; flowId: string; code: string }): Promise<ErrorCode | null> {
  const flow = await findFlow(scope.tx, given.flowId);
  const isForeign = flow?.purpose === 'step_up' && flow.subjectId !== given.userId;
  if (isForeign) return 'flow_expired';
  const consumed = await consumeCode(scope, given.flowId, 'step_up', given.code);
  return consumed.isRight ? null : consumed.refused;
}
