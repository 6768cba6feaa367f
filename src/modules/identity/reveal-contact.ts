import { z } from 'zod';
import { type CommandScope, defineCommand } from '../../foundation/command/command.ts';
import { useDailyQuota } from '../../foundation/command/daily-quota.ts';
import { contactInClear } from './account.ts';
import { type Customer, customerSubject, loadCustomer } from './customer-record.ts';
import { addressInClear } from './profile.ts';

const input = z.strictObject({ id: z.uuid(), field: z.enum(['email', 'phone', 'address']) });
type Input = z.infer<typeof input>;

/** `value` is shown for `shownSeconds` and kept nowhere: not in the audit, not for replays. */
export type RevealedContact = { field: Input['field']; value: string; quotaLeft: number; shownSeconds: number };

const shownSeconds = 60;

/**
 * One contact field of a customer in clear (F83): reason, ticket and fresh factor by the matrix, one of the day's reveals
 * here. The action row names field and person, never the value.
 * @throws AppError 403 `quota_exceeded`, 404 `not_found` also for a field the person does not have
 */
export const revealContact = defineCommand<Input, RevealedContact, undefined, Customer>({
  name: 'reveal-contact',
  resource: 'user',
  access: 'user.reveal_contact',
  input,
  isIdempotent: false,
  load: loadCustomer,
  subject: customerSubject,
  async preview() {
    return [
      `Shows one field for ${shownSeconds} seconds.`,
      "Uses one of today's reveals. Your name, the reason and the field are recorded.",
    ];
  },
  async run(scope, { id, field }, customer) {
    const value = clearValue(scope, customer, field);
    if (value === null) return { refused: 'not_found' };
    const quotaLeft = await useDailyQuota(scope, 'reveals');
    scope.touched(id);
    scope.note(`field ${field}`);
    scope.emit({
      name: 'identity.pii.revealed',
      aggregateId: id,
      payload: { actorId: scope.actor.kind === 'staff' ? scope.actor.id : null, userId: id, field, quotaLeft },
    });
    return { field, value, quotaLeft, shownSeconds };
  },
});

function clearValue(scope: CommandScope, { account, user }: Customer, field: Input['field']): string | null {
  const { keyring } = scope.deps;
  if (field === 'address') return addressInClear(keyring, account, user);
  const contact = contactInClear(keyring, account);
  return contact?.kind === field ? contact.value : null;
}
