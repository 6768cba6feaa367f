import { z } from 'zod';
import { defineCommand } from '../../../foundation/command/command.ts';
import { type ClientOfCustomer, loadClient, tellChanged } from './client-record.ts';
import { customerSubject, sendsTo } from './customer-record.ts';

const input = z.strictObject({
  /** Of the client row. */
  id: z.uuid(),
  emailNotifications: z.boolean().optional(),
  smsNotifications: z.boolean().optional(),
});
type Input = z.infer<typeof input>;
type Switch = 'emailNotifications' | 'smsNotifications';

const words: Readonly<Record<Switch, string>> = { emailNotifications: 'order news by email', smsNotifications: 'order news by SMS' };

/**
 * Switches a shopper's order news on or off, on the version staff saw. Security notices are not touched by it.
 * @throws AppError 404 `not_found`, 409 `version_conflict`
 */
export const editClient = defineCommand<Input, { version: number; fields: readonly string[] }, undefined, ClientOfCustomer>({
  name: 'edit-client',
  resource: 'client',
  access: 'client.edit_notifications',
  input,
  load: (scope, { id }) => loadClient(scope, id),
  subject: customerSubject,
  version: ({ client }) => client.version,
  async preview(_scope, body, loaded) {
    const changed = changedOf(body, loaded);
    if (changed.length === 0) return ['Changes nothing.'];
    return [...changed.map((field) => `Turns ${words[field]} ${body[field] ? 'on' : 'off'}.`), sendsTo(loaded)];
  },
  async run(scope, body, loaded) {
    const { client, user } = loaded;
    const changed = changedOf(body, loaded);
    scope.touched(user.id, client.id);
    if (changed.length === 0) return { version: client.version, fields: [] };
    const data = Object.fromEntries(changed.map((field) => [field, body[field]]));
    await scope.tx.client.update({ where: { id: client.id }, data: { ...data, version: { increment: 1 } } });
    tellChanged(scope, user.id, changed);
    return { version: client.version + 1, fields: changed };
  },
});

function changedOf(body: Input, { client }: ClientOfCustomer): Switch[] {
  const fields = ['emailNotifications', 'smsNotifications'] as const;
  return fields.filter((field) => body[field] !== undefined && body[field] !== client[field]);
}
