import type { CommandScope } from '../../../foundation/command/command.ts';
import { type AccountRow, requireContact } from '../account.ts';
import type { Contact } from '../contact.ts';
import { keepFormerContact } from './former-contact.ts';
import { setContact } from './set-contact.ts';

/**
 * Makes a proven contact the account's only one, at once: the other kind is cleared, `authMethod` follows, all sessions and the
 * trust of devices end. The old one is kept for 72 hours, so that its holder is told and can take the change back.
 */
export async function changeContact(
  scope: CommandScope,
  { account, contact, approvalId }: { account: AccountRow; contact: Contact; approvalId: string },
): Promise<void> {
  const userId = account.id;
  const old = requireContact(scope.deps.keyring, account);
  await keepFormerContact(scope, { former: { approvalId, userId, contact: old, authMethod: account.authMethod }, leftBy: 'change' });
  await setContact(scope, { account, contact, authMethod: contact.kind });
  scope.emit({
    name: 'identity.contact.changed',
    aggregateId: userId,
    payload: { userId, oldMethod: account.authMethod, newMethod: contact.kind, approvalId },
  });
}
