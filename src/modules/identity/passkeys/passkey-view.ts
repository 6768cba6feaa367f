import type { Passkey } from '@prisma/client';
import { authenticatorName } from './authenticator-names.ts';

/** `Passkey` of auth-api.md 2.6. */
export type PasskeyView = {
  id: string;
  name: string;
  /** What keeps the passkey, where it says so and is known. */
  aaguidName: string | null;
  backedUp: boolean;
  createdAt: Date;
  lastUsedAt: Date | null;
};

export function passkeyView(row: Pick<Passkey, 'id' | 'name' | 'aaguid' | 'backupState' | 'createdAt' | 'lastUsedAt'>): PasskeyView {
  const { id, name, createdAt, lastUsedAt } = row;
  return { id, name, aaguidName: authenticatorName(row.aaguid), backedUp: row.backupState, createdAt, lastUsedAt };
}
