import { z } from 'zod';
import { defineCommand } from '../../foundation/command/command.ts';
import { loadCustomer, reopenCustomer } from '../identity/index.ts';
import { openRequestOf } from './privacy/privacy-request.ts';

const input = z.strictObject({ id: z.uuid() });
type Loaded = Awaited<ReturnType<typeof loadCustomer>>;

/**
 * closed -> active within 30 days (product.md 4.1). An account that was closed because its owner asked to be erased is the owner's to
 * open again, by withdrawing the request.
 * @throws AppError 404 `not_found`, 409 `in_progress` while an erasure is open, `transition_not_allowed`
 */
export const reopenAccount = defineCommand<z.infer<typeof input>, { status: 'active' }, undefined, Loaded>({
  name: 'reopen-account',
  resource: 'user',
  access: 'user.reopen',
  input,
  load: loadCustomer,
  subject: ({ account }) => ({ userId: account.id, kind: account.kind, rank: 0 }),
  version: ({ user }) => user.version,
  async preview(_scope, _input, { user }) {
    const to = user.emailMasked ? `Sends an email to ${user.emailMasked}.` : `Sends an SMS to ${user.phoneMasked ?? 'the number on file'}.`;
    return ['The person can sign in again. Ended sessions stay ended.', to];
  },
  async run(scope, { id }, customer) {
    if (await openRequestOf(scope.tx, id, 'erase')) return { refused: 'in_progress' };
    return reopenCustomer(scope, customer);
  },
});
