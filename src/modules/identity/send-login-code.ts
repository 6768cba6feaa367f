import { z } from 'zod';
import { type CommandDeps, defineCommand } from '../../foundation/command/command.ts';
import { fail } from '../../foundation/errors/app-error.ts';
import { newId } from '../../foundation/runtime/new-id.ts';
import { takeToken } from '../../foundation/runtime/rate-bucket.ts';
import { findAccount } from './account.ts';
import { type Contact, readContact } from './contact.ts';
import { identifierFields } from './identifier.ts';
import { limitAddress } from './limit-address.ts';
import { createFlow, emitCodeRequested } from './otp-flow.ts';
import { locales } from './registration/start-registration.ts';
import { takeSend } from './send-caps.ts';
import { callerFields, type Pending } from './sign-in-shapes.ts';

const input = z.object({
  ...identifierFields,
  purpose: z.literal('login').optional(),
  locale: z.enum(locales).optional(),
  ...callerFields,
});
type Input = z.infer<typeof input>;
type Request = { contact: Contact; maySend: boolean };

/**
 * A sign-in code. Unknown, suspended and staff identifiers get a decoy flow: same answer, same rows, same event; the
 * worker finds the flow to be a decoy and sends nothing. Over the caps of the target everybody's is one: a code that reaches
 * nobody could only be guessed.
 * @throws AppError 422 of auth-api.md 1.7, 429 `otp_cooldown` within 60 s of one address and identifier
 */
export const sendLoginCode = defineCommand<Input, Pending, Request>({
  name: 'send-login-code',
  resource: 'auth',
  access: 'public',
  input,
  isIdempotent: true,
  prepare,
  async run(scope, body, _loaded, { contact, maySend }) {
    const account = await findAccount(scope.tx, { kind: contact.kind, bidx: contact.bidx });
    const isOpen = account !== null && account.kind !== 'staff' && account.status === 'active';
    const flowId = newId();
    const pending = await createFlow(scope, {
      id: flowId,
      purpose: 'login',
      contact,
      subject: isOpen && maySend ? { type: 'user', id: account.id } : null,
      locale: body.locale ?? account?.language ?? 'en',
      clientId: body.client.clientId,
    });
    if (maySend) emitCodeRequested(scope, { id: flowId, purpose: 'login', channel: contact.channel, sendNo: 1 });
    return pending;
  },
});

async function prepare(deps: CommandDeps, body: Input, context: { ip: string | null }): Promise<Request> {
  const contact = readContact(deps, body);
  const cooldown = await takeToken(
    deps.database.pool,
    {
      name: 'otp-cooldown',
      key: `${limitAddress(context.ip) ?? '-'}|${contact.limitKey}`,
      limit: 1,
      windowSeconds: deps.config.otpResendSeconds,
    },
    deps.clock.now(),
  );
  if (!cooldown.isAllowed) fail('otp_cooldown', { retryAfterSeconds: cooldown.resetSeconds });
  return { contact, maySend: await takeSend(deps, 'login', contact) };
}
