import { findAccount } from '../account.ts';
import type { QueryDeps } from '../query-deps.ts';

export type StaffFactor = {
  id: string;
  kind: 'totp' | 'passkey' | 'recovery';
  label: string;
  createdAt: Date | null;
  lastUsedAt: Date | null;
};

/** Factors of a member of staff, the authenticator first; never a secret. */
export async function listFactors(deps: QueryDeps, userId: string): Promise<StaffFactor[]> {
  const { prisma } = deps.database;
  const [account, totp, passkeys] = await Promise.all([
    findAccount(prisma, { userId }),
    prisma.totp.findUnique({ where: { userId } }),
    prisma.passkey.findMany({ where: { userId }, orderBy: { createdAt: 'asc' } }),
  ]);
  const left = account?.recoveryCodesLeft ?? 0;
  return [
    ...(totp?.confirmedAt
      ? [{ id: totp.id, kind: 'totp', label: 'Authenticator app', createdAt: totp.confirmedAt, lastUsedAt: null } as const]
      : []),
    ...passkeys.map(({ id, name, createdAt, lastUsedAt }) => ({ id, kind: 'passkey', label: name, createdAt, lastUsedAt }) as const),
    ...(left > 0
      ? [{ id: userId, kind: 'recovery', label: `${left} recovery codes left`, createdAt: null, lastUsedAt: null } as const]
      : []),
  ];
}
