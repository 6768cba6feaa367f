import type { PrivacyRequest } from '@prisma/client';
import { z } from 'zod';
import type { AccessSubject } from '../../../foundation/access/decide.ts';
import type { CommandScope } from '../../../foundation/command/command.ts';
import { fail } from '../../../foundation/errors/app-error.ts';
import { loadCustomer } from '../../identity/index.ts';

/** Input of a staff command about one request; `id` is the request's. */
export const privacyInput = z.strictObject({ id: z.uuid() });

export type PrivacyRecord = { request: PrivacyRequest; customer: Awaited<ReturnType<typeof loadCustomer>> };

/**
 * The request with its person, who is locked first, as by everybody who takes it further: what is read here stays true.
 * @throws AppError 404 `not_found`
 */
export async function loadPrivacy(scope: CommandScope, { id }: { id: string }): Promise<PrivacyRecord> {
  const found = await scope.tx.privacyRequest.findUnique({ where: { id }, select: { subjectUserId: true } });
  if (!found) return fail('not_found');
  const customer = await loadCustomer(scope, { id: found.subjectUserId });
  return { request: await scope.tx.privacyRequest.findUniqueOrThrow({ where: { id } }), customer };
}

export function privacySubject({ customer: { account } }: PrivacyRecord): AccessSubject {
  return { userId: account.id, kind: account.kind, rank: 0 };
}

/** "Sends an email to a•••@e•••.com." */
export function tells({ customer: { user } }: PrivacyRecord): string {
  return user.emailMasked ? `Sends an email to ${user.emailMasked}.` : `Sends an SMS to ${user.phoneMasked ?? 'the number on file'}.`;
}
