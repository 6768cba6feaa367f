import type { PendingRegistration } from '@prisma/client';
import { z } from 'zod';
import { type CommandDeps, defineCommand } from '../../../foundation/command/command.ts';
import { fail } from '../../../foundation/errors/app-error.ts';
import { takeStaffSend } from '../customers/resend-user-code.ts';
import { emitCodeRequested, resendFlow } from '../otp-flow.ts';

const input = z.strictObject({
  /** The flow that waits for its code; there is no person yet. */
  id: z.uuid(),
});
type Input = z.infer<typeof input>;
type Output = { flowId: string; channel: 'email' | 'sms'; waitSeconds: number };
type Wait = { retryAfterSeconds: number } | null;

/**
 * Sends the code of an unfinished sign-up again, at most three times an hour for one contact, whoever of the staff sends. Decoys (the
 * contact has an account) are nobody's.
 * @throws AppError 404 `not_found`, 410 `flow_expired`, 429 `otp_cooldown`, `rate_limited`
 */
export const resendRegistrationCode = defineCommand<Input, Output, Wait, PendingRegistration>({
  name: 'resend-registration-code',
  resource: 'registration',
  access: 'registration.resend_code',
  input,
  prepare: takeSendOfContact,
  load: async (scope, { id }) =>
    (await scope.tx.pendingRegistration.findFirst({ where: { flowId: id, decoy: false } })) ?? fail('not_found'),
  subject: ({ kind }) => ({ kind, rank: 0 }),
  async preview(_scope, _input, { authMethod, identifierMasked }) {
    const by = authMethod === 'phone' ? 'an SMS' : 'an email';
    return [`Sends ${by} to ${identifierMasked}.`, 'The earlier code and link stop working. You never see the code.'];
  },
  async run(scope, { id }, pending, wait) {
    if (wait) return { refused: 'rate_limited', details: { retryAfterSeconds: wait.retryAfterSeconds } };
    const resent = await resendFlow(scope, id, { maySend: true });
    if (resent.kind === 'over') return { refused: 'flow_expired' };
    if (resent.kind === 'too_soon') return { refused: 'otp_cooldown', details: { retryAfterSeconds: resent.retryAfterSeconds } };
    emitCodeRequested(scope, { ...resent.flow, sendNo: resent.sendNo });
    scope.touched(id, pending.id);
    return { flowId: id, channel: resent.pending.channel, waitSeconds: resent.pending.resendIn };
  },
});

/** Counted by contact: several sign-ups of one contact share the three. */
async function takeSendOfContact(deps: CommandDeps, { id }: Input): Promise<Wait> {
  const pending = await deps.database.prisma.pendingRegistration.findFirst({ where: { flowId: id }, select: { identifierBidx: true } });
  return takeStaffSend(deps, { id: pending ? Buffer.from(pending.identifierBidx).toString('base64url') : id });
}
