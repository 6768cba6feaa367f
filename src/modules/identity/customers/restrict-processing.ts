import type { z } from 'zod';
import { defineCommand } from '../../../foundation/command/command.ts';
import { setRestriction } from '../privacy/processing.ts';
import { type Customer, customerInput, customerSubject, loadCustomer, sendsTo } from './customer-record.ts';

type Output = { isRestricted: boolean };
type Input = z.infer<typeof customerInput>;

/**
 * From here on the person's data is kept and not used: no marketing, no profiling, nothing new made of it (GDPR article 18). Sign-in
 * goes on. The person is told.
 * @throws AppError 403 `forbidden`, 404 `not_found`, 409 `transition_not_allowed` where it is so already
 */
export const restrictProcessing = defineCommand<Input, Output, undefined, Customer>({
  ...shared('restrict-processing'),
  preview: async (_scope, _input, customer) => ['The data is kept and not used any more, except to answer the person.', sendsTo(customer)],
  async run(scope, { id }, { user }) {
    const isDone = user.status !== 'erased' && (await setRestriction(scope, id, true));
    return isDone ? { isRestricted: true } : { refused: 'transition_not_allowed' };
  },
});

/**
 * Takes a restriction away; the person is told before the data is used again.
 * @throws AppError 403 `forbidden`, 404 `not_found`, 409 `transition_not_allowed` where there is none
 */
export const liftRestriction = defineCommand<Input, Output, undefined, Customer>({
  ...shared('lift-restriction'),
  preview: async (_scope, _input, customer) => ['The data may be used again as before.', sendsTo(customer)],
  async run(scope, { id }) {
    const isDone = await setRestriction(scope, id, false);
    return isDone ? { isRestricted: false } : { refused: 'transition_not_allowed' };
  },
});

function shared(name: string) {
  return {
    name,
    resource: 'user',
    access: 'user.restrict_processing' as const,
    input: customerInput,
    isIdempotent: true,
    load: loadCustomer,
    subject: customerSubject,
    version: ({ user }: Customer) => user.version,
  };
}
