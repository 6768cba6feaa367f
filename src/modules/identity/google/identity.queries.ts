import { fail } from '../../../foundation/errors/app-error.ts';
import { findAccount } from '../account.ts';
import type { QueryDeps } from '../query-deps.ts';
import { type IdentityView, identityView } from './external-identity.ts';

/** The own linked accounts, oldest first. @throws AppError 401 `session_revoked` when the account is gone */
export async function listIdentities(deps: QueryDeps, userId: string): Promise<IdentityView[]> {
  const { prisma } = deps.database;
  const [account, rows] = await Promise.all([
    findAccount(prisma, { userId }),
    prisma.externalIdentity.findMany({ where: { userId }, orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] }),
  ]);
  if (!account?.wrappedKey) return fail('session_revoked');
  return rows.map((row) => identityView(deps.keyring, account, row));
}
