import type { User } from '@prisma/client';
import { uuidPattern } from '../../../foundation/runtime/new-id.ts';
import type { QueryDeps } from '../query-deps.ts';

/** The person beside a ticket: enough to know whom one is talking to, contacts masked. */
export type CustomerCard = {
  id: string;
  kind: 'client' | 'vendor' | 'staff';
  name: string;
  firstName: string | null;
  memberId: string;
  status: User['status'];
  contactMasked: string | null;
  countryCode: string | null;
  language: string;
  lockedUntil: Date | null;
  joinedAt: Date;
};

/** Null when there is nobody of that id. The caller asks `user.show` before it shows more than the name, and records the read. */
export async function customerCard(deps: QueryDeps, userId: string): Promise<CustomerCard | null> {
  const user = await deps.database.prisma.user.findUnique({ where: { id: userId } });
  if (!user) return null;
  const { id, kind, displayName, firstName, memberId, status, emailMasked, phoneMasked, countryCode, language, lockedUntil, createdAt } =
    user;
  return {
    ...{ id, kind, name: displayName ?? memberId, firstName, memberId, status, countryCode, language, lockedUntil },
    contactMasked: emailMasked ?? phoneMasked,
    joinedAt: createdAt,
  };
}

/** A customer by id or member id, as people read it out; null for strangers and staff. */
export async function findCustomerId(deps: QueryDeps, text: string): Promise<string | null> {
  const typed = text.trim();
  const where = uuidPattern.test(typed.toLowerCase()) ? { id: typed.toLowerCase() } : { memberId: typed.toUpperCase() };
  const user = await deps.database.prisma.user.findUnique({ where, select: { id: true, kind: true, status: true } });
  return user && user.kind !== 'staff' && user.status !== 'erased' ? user.id : null;
}
