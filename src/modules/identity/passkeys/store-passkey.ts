import type { CommandScope } from '../../../foundation/command/command.ts';
import { newId } from '../../../foundation/runtime/new-id.ts';
import { bytesOf } from '../bytes.ts';
import { authenticatorName } from './authenticator-names.ts';
import { type PasskeyView, passkeyView } from './passkey-view.ts';
import type { Registration } from './verify-response.ts';

/** Null when the credential is registered already, by whomever; the unique index decides between parallel ones. */
export async function storePasskey(
  scope: CommandScope,
  userId: string,
  registration: Registration,
  given: string | undefined,
): Promise<PasskeyView | null> {
  const { credentialId, publicKey, signCount, isBackupEligible, isBackedUp, aaguid, transports } = registration;
  const row = {
    id: newId(),
    createdAt: scope.now,
    name: given ?? authenticatorName(aaguid) ?? 'Passkey',
    aaguid,
    backupState: isBackedUp,
    lastUsedAt: null,
  };
  const { count } = await scope.tx.passkey.createMany({
    data: {
      ...row,
      userId,
      credentialId: bytesOf(credentialId),
      publicKey: bytesOf(publicKey),
      signCount: BigInt(signCount),
      backupEligible: isBackupEligible,
      transports,
    },
    skipDuplicates: true,
  });
  return count === 1 ? passkeyView(row) : null;
}
