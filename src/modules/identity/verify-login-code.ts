import { z } from 'zod';
import { type CommandDeps, defineCommand } from '../../foundation/command/command.ts';
import { validationError } from '../../foundation/errors/app-error.ts';
import { lockAccount } from './account.ts';
import { recordLogin } from './history/login-event.ts';
import { passed, refused } from './history/rule-trace.ts';
import { consumeCode, findFlow } from './otp-flow.ts';
import { parseOtp } from './otp-format.ts';
import { permitOf } from './permit.ts';
import { issueSession } from './sessions/issue-session.ts';
import { callerFields, type SignInOutcome } from './sign-in-shapes.ts';

const input = z.object({ flowId: z.string(), code: z.string(), ...callerFields });
type Input = z.infer<typeof input>;

/**
 * Signs in by a code of a login flow.
 * @throws AppError 401 `otp_invalid`, `otp_expired`, `otp_exhausted`, 403 `account_suspended`, 410 `flow_expired`, 422 `otp_malformed`
 */
export const verifyLoginCode = defineCommand<Input, SignInOutcome, { code: string }>({
  name: 'verify-login-code',
  resource: 'auth',
  access: 'public',
  input,
  isIdempotent: false,
  prepare,
  async run(scope, body, _loaded, { code }) {
    const consumed = await consumeCode(scope, body.flowId, 'login', code);
    const device = body.device.token ? scope.deps.keyring.deviceToken.read(body.device.token) : null;
    const attempt = { method: 'otp', identifierBidx: null, deviceId: device?.deviceId ?? null, trace: [refused('login_code')] } as const;
    if (!consumed.isRight) {
      const flow = await findFlow(scope.tx, body.flowId);
      const userId = flow?.subjectType === 'user' ? flow.subjectId : null;
      const identifierBidx = flow?.targetBidx ?? null;
      await recordLogin(scope, { ...attempt, userId, identifierBidx, outcome: 'failed', reasonCode: consumed.refused });
      return { refused: consumed.refused };
    }
    const { subjectId, targetBidx } = consumed.flow;
    const account = subjectId ? await lockAccount(scope.tx, { userId: subjectId }) : null;
    if (account?.status === 'suspended') {
      const trace = [passed('login_code'), refused('account_suspended')];
      await recordLogin(scope, { ...attempt, trace, userId: account.id, outcome: 'failed', reasonCode: 'account_suspended' });
      return { refused: 'account_suspended' };
    }
    if (account?.status !== 'active') {
      const trace = [passed('login_code'), refused('account_closed')];
      await recordLogin(scope, { ...attempt, trace, userId: account?.id ?? null, outcome: 'failed', reasonCode: 'flow_expired' });
      return { refused: 'flow_expired' };
    }
    return issueSession(scope, {
      account,
      method: 'otp',
      amr: ['otp'],
      isSecondFactorDone: false,
      permit: permitOf([passed('login_code')]),
      identifierBidx: targetBidx,
      client: body.client,
      device: body.device,
    });
  },
});

async function prepare(_deps: CommandDeps, body: Input): Promise<{ code: string }> {
  const code = parseOtp(body.code);
  if (!code.ok) throw validationError([{ path: 'code', code: code.code }]);
  return { code: code.value };
}
