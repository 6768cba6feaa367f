import type { z } from 'zod';
import { defineCommand } from '../../../foundation/command/command.ts';
import { requireContact } from '../account.ts';
import { contactOf } from '../contact.ts';
import { openReset } from '../recovery/open-reset.ts';
import { type Customer, customerInput, customerSubject, loadCustomer, sendsTo } from './customer-record.ts';
import { takeStaffSend } from './resend-user-code.ts';

type Input = z.infer<typeof customerInput>;
type Output = { flowId: string; channel: 'email' | 'sms'; expiresIn: number; isGoogleHint: boolean };

/**
 * Sends a customer what a forgotten password needs: link and code by mail, code by SMS; an account without a password is
 * told to use Google. Earlier links and codes die. Staff see neither.
 * @throws AppError 404 `not_found`, 409 `transition_not_allowed` unless active, 429 `rate_limited`
 */
export const sendResetLink = defineCommand<Input, Output, { retryAfterSeconds: number } | null, Customer>({
  name: 'send-reset-link',
  resource: 'user',
  access: 'user.send_reset',
  input: customerInput,
  prepare: takeStaffSend,
  load: loadCustomer,
  subject: customerSubject,
  async preview(_scope, _input, customer) {
    const isGoogle = customer.account.passwordHash === null;
    return [
      isGoogle ? 'Tells the person to sign in with Google.' : 'Sends a link and code for a new password; earlier ones stop working.',
      sendsTo(customer),
    ];
  },
  async run(scope, _input, { account }, wait) {
    if (wait) return { refused: 'rate_limited', details: { retryAfterSeconds: wait.retryAfterSeconds } };
    if (account.status !== 'active') return { refused: 'transition_not_allowed' };
    const contact = contactOf(scope.deps, requireContact(scope.deps.keyring, account));
    const { flowId, channel, expiresIn, isGoogleHint } = await openReset(scope, {
      contact,
      owner: account,
      locale: account.language,
      clientId: 'staff',
      // takeStaffSend() counted this one.
      maySend: true,
    });
    return { flowId, channel, expiresIn, isGoogleHint };
  },
});
