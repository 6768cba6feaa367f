import type { QueryDeps } from '../query-deps.ts';
import { type PasskeyView, passkeyView } from './passkey-view.ts';
import { maxPasskeys } from './start-passkey.ts';

/** The passkeys of a person, newest first; never a key. */
export async function listPasskeys(deps: QueryDeps, userId: string): Promise<PasskeyView[]> {
  const rows = await deps.database.prisma.passkey.findMany({
    where: { userId },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: maxPasskeys,
  });
  return rows.map(passkeyView);
}
