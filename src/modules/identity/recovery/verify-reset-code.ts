import { z } from 'zod';
import { type CommandDeps, defineCommand } from '../../../foundation/command/command.ts';
import { validationError } from '../../../foundation/errors/app-error.ts';
import { lockAccount } from '../account.ts';
import { consumeCode, findFlow } from '../otp-flow.ts';
import { parseOtp } from '../otp-format.ts';
import { isContactOf } from './is-contact-of.ts';
import { mayReset } from './request-password-reset.ts';
import { grantReset } from './reset-token.ts';

const input = z.object({ flowId: z.string(), code: z.string() });
type Input = z.infer<typeof input>;
type Given = { code: string; userId: string };

/** A row that no person has: a decoy takes the same lock as a real flow. */
const nobody = '00000000-0000-0000-0000-000000000000';

/**
 * Exchanges the code of a reset for a token that sets the new password; the code serves once.
 * @throws AppError 401 `otp_invalid`, `otp_expired`, `otp_exhausted`, 410 `flow_expired`, 422 `otp_malformed`
 */
export const verifyResetCode = defineCommand<Input, { resetToken: string }, Given>({
  name: 'verify-reset-code',
  resource: 'auth',
  access: 'public',
  input,
  isIdempotent: false,
  prepare,
  async run(scope, { flowId }, _loaded, { code, userId }) {
    // The person before the flow, as everything does that changes a password: two of them cannot wait for one another.
    const account = await lockAccount(scope.tx, { userId });
    const consumed = await consumeCode(scope, flowId, 'reset', code);
    if (!consumed.isRight) return { refused: consumed.refused };
    const { targetBidx } = consumed.flow;
    if (!account || !mayReset(account) || !isContactOf(scope.deps, account, targetBidx)) return { refused: 'flow_expired' };
    scope.touched(account.id);
    return { resetToken: await grantReset(scope, flowId) };
  },
});

async function prepare(deps: CommandDeps, body: Input): Promise<Given> {
  const code = parseOtp(body.code);
  if (!code.ok) throw validationError([{ path: 'code', code: code.code }]);
  const flow = await findFlow(deps.database.prisma, body.flowId);
  return { code: code.value, userId: (flow?.subjectType === 'user' ? flow.subjectId : null) ?? nobody };
}
