import type { z } from 'zod';
import { type CommandDeps, type CommandScope, defineCommand } from '../../../foundation/command/command.ts';
import { scaledLimit, takeToken } from '../../../foundation/runtime/rate-bucket.ts';
import { emitCodeRequested, type OtpFlow, resendFlow } from '../otp-flow.ts';
import { type Customer, customerInput, customerSubject, loadCustomer, sendsTo } from './customer-record.ts';

type Input = z.infer<typeof customerInput>;
type Output = { flowId: string; channel: 'email' | 'sms'; waitSeconds: number };

/** Times an hour that staff may send a code to one person (product.md 6.1). */
const perHour = 3;

/**
 * Sends the next code of the request the customer has open. Staff never see the code, and it works only where the customer
 * asked for it.
 * @throws AppError 404 `not_found`, 410 `flow_expired` when nothing is open, 429 `otp_cooldown`, `rate_limited`
 */
export const resendUserCode = defineCommand<Input, Output, { retryAfterSeconds: number } | null, Customer>({
  name: 'resend-user-code',
  resource: 'user',
  access: 'user.resend_code',
  input: customerInput,
  prepare: takeStaffSend,
  load: loadCustomer,
  subject: customerSubject,
  async preview(scope, { id }, customer) {
    const flow = await openFlowOf(scope, id);
    return flow ? [`Sends a new code; the earlier one stops working.`, sendsTo(customer)] : ['There is no open request for a code.'];
  },
  async run(scope, { id }, _customer, wait) {
    if (wait) return { refused: 'rate_limited', details: { retryAfterSeconds: wait.retryAfterSeconds } };
    const flow = await openFlowOf(scope, id);
    const resent = flow && (await resendFlow(scope, flow.id, { maySend: true }));
    if (!resent || resent.kind === 'over') return { refused: 'flow_expired' };
    if (resent.kind === 'too_soon') return { refused: 'otp_cooldown', details: { retryAfterSeconds: resent.retryAfterSeconds } };
    const { flowId, channel, resendIn } = resent.pending;
    emitCodeRequested(scope, { ...resent.flow, sendNo: resent.sendNo });
    scope.touched(id, flowId);
    return { flowId, channel, waitSeconds: resendIn };
  },
});

/** Null while another send is allowed; counted per customer, whoever of the staff sends. */
export async function takeStaffSend(deps: CommandDeps, { id }: Input): Promise<{ retryAfterSeconds: number } | null> {
  const limit = scaledLimit(perHour, deps.config.rateLimitScale);
  const decision = await takeToken(deps.database.pool, { name: 'staff-send', key: id, limit, windowSeconds: 3600 }, deps.clock.now());
  return decision.isAllowed ? null : { retryAfterSeconds: decision.resetSeconds };
}

function openFlowOf(scope: CommandScope, userId: string): Promise<OtpFlow | null> {
  return scope.tx.otpFlow.findFirst({
    where: { subjectType: 'user', subjectId: userId, consumedAt: null, supersededAt: null, decoy: false, flowExpiresAt: { gt: scope.now } },
    orderBy: { createdAt: 'desc' },
  });
}
