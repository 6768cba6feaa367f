import type { Client } from '@prisma/client';
import type { CommandScope } from '../../../foundation/command/command.ts';
import { fail } from '../../../foundation/errors/app-error.ts';
import { type Customer, loadCustomer } from './customer-record.ts';

export type ClientOfCustomer = Customer & { client: Client };

/** A shopper by the id of the client row, with the person locked. @throws AppError 404 `not_found` */
export async function loadClient(scope: CommandScope, clientId: string): Promise<ClientOfCustomer> {
  const found = await scope.tx.client.findUnique({ where: { id: clientId }, select: { userId: true } });
  if (!found) fail('not_found');
  const customer = await loadCustomer(scope, { id: found.userId });
  // Read again behind the lock: the version compared is the version written over.
  return { ...customer, client: await scope.tx.client.findUniqueOrThrow({ where: { id: clientId } }) };
}

/** The one event of a corrected profile; the notice to the person names the fields. */
export function tellChanged(scope: CommandScope, userId: string, fields: readonly string[]): void {
  scope.emit({ name: 'identity.user.profile_changed', aggregateId: userId, payload: { userId, fields: [...fields] } });
}
