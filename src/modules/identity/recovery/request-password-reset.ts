import { z } from 'zod';
import { type CommandDeps, defineCommand } from '../../../foundation/command/command.ts';
import { type AccountRow, findAccount } from '../account.ts';
import { type Contact, readContact } from '../contact.ts';
import { identifierFields } from '../identifier.ts';
import { locales } from '../registration/start-registration.ts';
import { takeSend } from '../send-caps.ts';
import { callerFields, type Pending } from '../sign-in-shapes.ts';
import { openReset } from './open-reset.ts';

const input = z.object({ ...identifierFields, locale: z.enum(locales).optional(), ...callerFields });
type Input = z.infer<typeof input>;
type Request = { contact: Contact; maySend: boolean };

/**
 * The first half of a forgotten password: the same statements, rows and answer for everyone (auth-api.md 2.4, P1, P2). What
 * the worker sends differs: link and code, the code alone by SMS, the hint to use Google, or nothing at all.
 * @throws AppError 422 of auth-api.md 1.7
 */
export const requestPasswordReset = defineCommand<Input, Pending, Request>({
  name: 'request-password-reset',
  resource: 'auth',
  access: 'public',
  input,
  isIdempotent: true,
  prepare,
  async run(scope, body, _loaded, { contact, maySend }) {
    const account = await findAccount(scope.tx, { kind: contact.kind, bidx: contact.bidx });
    const owner = account && mayReset(account) ? account : null;
    const locale = body.locale ?? account?.language ?? 'en';
    const { isGoogleHint: _, ...pending } = await openReset(scope, { contact, owner, locale, clientId: body.client.clientId, maySend });
    return pending;
  },
});

async function prepare(deps: CommandDeps, body: Input): Promise<Request> {
  const contact = readContact(deps, body);
  return { contact, maySend: await takeSend(deps, 'reset', contact) };
}

/** Staff reset in the back office only; of the others the closed and erased are like unknown ones. */
export function mayReset(account: AccountRow): boolean {
  return account.kind !== 'staff' && (account.status === 'active' || account.status === 'suspended');
}
