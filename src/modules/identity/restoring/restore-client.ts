import type { Client } from '@prisma/client';
import { z } from 'zod';
import type { CommandScope } from '../../../foundation/command/command.ts';
import { fail } from '../../../foundation/errors/app-error.ts';
import { lockAccount } from '../account.ts';
import { clientSize } from '../profiles/client-size.ts';
import { defineRestore } from './restore-record.ts';

/** Not the loyalty tier or the number of orders: those follow from what the person bought. */
export const clientColumns = {
  preferred_size: 'preferredSize',
  style_preferences: 'stylePreferences',
  favourite_colours: 'favouriteColours',
  body_type: 'bodyType',
  occasion_preferences: 'occasionPreferences',
  email_notifications: 'emailNotifications',
  sms_notifications: 'smsNotifications',
} as const;

const words = z.array(z.string().max(60)).max(50);
const schema = z
  .object({
    preferredSize: clientSize.nullable(),
    stylePreferences: words,
    favouriteColours: words,
    bodyType: z.string().max(60).nullable(),
    occasionPreferences: words,
    emailNotifications: z.boolean(),
    smsNotifications: z.boolean(),
  })
  .partial();

/** Chosen fields of an earlier version of what the storefront keeps about a shopper. */
export const restoreClient = defineRestore<z.infer<typeof schema>, Client>('restore-client', {
  table: 'identity.client',
  resource: 'client',
  columns: clientColumns,
  schema,
  async load(scope, id) {
    const row = await lockClient(scope, id);
    return { row, version: row.version, subject: { userId: row.userId, kind: 'client', rank: 0 } };
  },
  async write(scope, client, changed) {
    await scope.tx.client.update({ where: { id: client.id }, data: { ...changed, version: { increment: 1 } } });
    return client.version + 1;
  },
});

/** The client's row, its person locked. @throws AppError 404 `not_found` */
export async function lockClient(scope: CommandScope, id: string): Promise<Client> {
  const owner = await scope.tx.client.findUnique({ where: { id }, select: { userId: true } });
  if (!owner) return fail('not_found');
  await lockAccount(scope.tx, { userId: owner.userId });
  return scope.tx.client.findUniqueOrThrow({ where: { id } });
}
