import { z } from 'zod';
import { type CommandDeps, defineCommand } from '../../foundation/command/command.ts';
import { emitCodeRequested, resendFlow } from './otp-flow.ts';
import { takeResend } from './send-caps.ts';
import type { Pending } from './sign-in-shapes.ts';

const input = z.object({ flowId: z.string() });
type Input = z.infer<typeof input>;

/**
 * A new code of an open flow, decoys alike: the earlier code and link die, the tries start anew, the wait doubles. Over
 * the caps of the target the answer is the same, nothing goes out and no code is right.
 * @throws AppError 410 `flow_expired`, 429 `otp_cooldown`
 */
export const resendCode = defineCommand<Input, Pending, { maySend: boolean }>({
  name: 'resend-code',
  resource: 'auth',
  access: 'public',
  input,
  isIdempotent: true,
  prepare,
  async run(scope, body, _loaded, { maySend }) {
    const resent = await resendFlow(scope, body.flowId, { maySend });
    if (resent.kind === 'over') return { refused: 'flow_expired' };
    if (resent.kind === 'too_soon') return { refused: 'otp_cooldown', details: { retryAfterSeconds: resent.retryAfterSeconds } };
    if (maySend) emitCodeRequested(scope, { ...resent.flow, sendNo: resent.sendNo });
    return resent.pending;
  },
});

async function prepare(deps: CommandDeps, { flowId }: Input): Promise<{ maySend: boolean }> {
  return { maySend: await takeResend(deps, flowId) };
}
