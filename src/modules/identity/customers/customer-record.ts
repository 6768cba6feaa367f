import type { User } from '@prisma/client';
import { z } from 'zod';
import type { AccessSubject } from '../../../foundation/access/decide.ts';
import type { CommandScope } from '../../../foundation/command/command.ts';
import { fail } from '../../../foundation/errors/app-error.ts';
import { type AccountRow, lockAccount } from '../account.ts';
import { noteCallerCheck } from './caller-check.ts';

/** Input of a staff command about one customer, further fields added by the command. */
export const customerInput = z.strictObject({ id: z.uuid() });

export type Customer = { account: AccountRow; user: User };

/** The customer, locked; what a caller passed with this colleague goes into the action. Staff are out of reach of every customer command. @throws AppError 404 `not_found` */
export async function loadCustomer(scope: CommandScope, { id }: { id: string }): Promise<Customer> {
  const account = await lockAccount(scope.tx, { userId: id });
  if (!account || account.kind === 'staff') fail('not_found');
  const user = await scope.tx.user.findUniqueOrThrow({ where: { id } });
  await noteCallerCheck(scope, id);
  return { account, user };
}

/** The customer behind a member id as people say it; null for nobody and for staff. */
export async function customerIdOf(reader: Pick<CommandScope['tx'], 'user'>, memberId: string): Promise<string | null> {
  const user = await reader.user.findUnique({ where: { memberId: memberId.trim().toUpperCase() }, select: { id: true, kind: true } });
  return user && user.kind !== 'staff' ? user.id : null;
}

export function customerSubject({ account }: Customer): AccessSubject {
  return { userId: account.id, kind: account.kind === 'vendor' ? 'vendor' : 'client', rank: 0 };
}

/** "Sends an email to a•••@e•••.com." */
export function sendsTo({ user }: Customer): string {
  return user.emailMasked ? `Sends an email to ${user.emailMasked}.` : `Sends an SMS to ${user.phoneMasked ?? 'the number on file'}.`;
}

/** "Ends 3 sessions." */
export async function endsSessions(scope: CommandScope, userId: string): Promise<string> {
  const count = await scope.tx.session.count({
    where: { userId, revokedAt: null, idleExpiresAt: { gt: scope.now }, absoluteExpiresAt: { gt: scope.now } },
  });
  return count === 1 ? 'Ends 1 session.' : `Ends ${count} sessions.`;
}
