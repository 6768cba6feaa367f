import { z } from 'zod';
import { type CommandDeps, type CommandScope, defineCommand, type Refusal } from '../../../foundation/command/command.ts';
import { fail } from '../../../foundation/errors/app-error.ts';
import { newId } from '../../../foundation/runtime/new-id.ts';
import type { RequestContext } from '../../../foundation/runtime/request-context.ts';
import { type AccountRow, findAccount, requireContact } from '../account.ts';
import { contactOf } from '../contact.ts';
import { customerOf, lockOwnAccount } from '../freshness.ts';
import { createFlow, emitCodeRequested } from '../otp-flow.ts';
import { issueChallenge } from '../passkeys/passkey-challenge.ts';
import { passkeyChallengeSeconds, requestOptions } from '../passkeys/passkey-options.ts';
import { registeredBy } from '../passkeys/start-passkey.ts';
import type { PasskeyRequest } from '../passkeys/start-passkey-sign-in.ts';
import { takeSend } from '../send-caps.ts';
import { callerFields, type Pending } from '../sign-in-shapes.ts';

const input = z.object({ method: z.enum(['passkey', 'otp']), ...callerFields });
type Input = z.infer<typeof input>;

export type StartedReauth = ({ method: 'passkey' } & PasskeyRequest) | { method: 'otp'; pending: Pending };

/** Whether the message caps leave room for a code; not asked for a passkey. */
type Prepared = { maySend: boolean };

/**
 * What a proof by passkey or code needs beforehand: a challenge for one of the own passkeys, or a code to the own contact. Over the
 * message caps the answer is the same, nothing is sent, and no code opens the flow: a stolen session gets no further tries by asking
 * again.
 * @throws AppError 422 `method_not_available`
 */
export const startReauth = defineCommand<Input, StartedReauth, Prepared, AccountRow>({
  name: 'start-reauth',
  resource: 'session',
  access: 'owner',
  input,
  isIdempotent: false,
  prepare,
  load: lockOwnAccount,
  async run(scope, body, account, prepared): Promise<StartedReauth | Refusal> {
    scope.touched(account.id);
    return body.method === 'passkey' ? askForPasskey(scope, account) : sendCode(scope, account, body, prepared);
  },
});

async function prepare(deps: CommandDeps, body: Input, context: RequestContext): Promise<Prepared> {
  if (body.method === 'passkey') return { maySend: false };
  const account = (await findAccount(deps.database.prisma, { userId: customerOf(context).id })) ?? fail('session_revoked');
  const contact = contactOf(deps, requireContact(deps.keyring, account));
  return { maySend: await takeSend(deps, 'step_up', contact) };
}

async function askForPasskey(scope: CommandScope, account: AccountRow): Promise<StartedReauth | Refusal> {
  if (account.passkeys === 0) return { refused: 'method_not_available' };
  const owned = { kind: 'passkey_reauth', clientId: null, challengeOwnerId: account.id } as const;
  const { challengeId, challenge } = await issueChallenge(scope, owned);
  const allowed = await registeredBy(scope, account.id);
  const options = requestOptions(scope.deps.config, { challenge, seconds: passkeyChallengeSeconds, allowed });
  return { method: 'passkey', challengeId, options, expiresIn: passkeyChallengeSeconds };
}

async function sendCode(scope: CommandScope, account: AccountRow, body: Input, { maySend }: Prepared): Promise<StartedReauth> {
  const contact = contactOf(scope.deps, requireContact(scope.deps.keyring, account));
  const flowId = newId();
  const pending = await createFlow(scope, {
    id: flowId,
    purpose: 'step_up',
    contact,
    subject: { type: 'user', id: account.id },
    isDecoy: !maySend,
    locale: account.language,
    clientId: body.client.clientId,
    sessionId: customerOf(scope).sessionId,
  });
  if (maySend) emitCodeRequested(scope, { id: flowId, purpose: 'step_up', channel: contact.channel, sendNo: 1 });
  return { method: 'otp', pending };
}
