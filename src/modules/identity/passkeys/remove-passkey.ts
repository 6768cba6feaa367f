import { z } from 'zod';
import { defineCommand } from '../../../foundation/command/command.ts';
import type { AccountRow } from '../account.ts';
import { voidCodesWithoutFactor } from '../factors/recovery-codes.ts';
import { lockOwnAccount, requireFresh } from '../freshness.ts';
import { endMfaTrust } from '../known-device.ts';
import { isLastCredential } from './last-credential.ts';

const input = z.object({ passkeyId: z.uuid() });

/** For `PublicKeyCredential.signalUnknownCredential()`, which lets the device forget the passkey too. */
export type PasskeySignal = { rpId: string; credentialId: string };

/**
 * Removes one of the own passkeys. With the last factor its recovery codes are void; the trust of all devices ends.
 * @throws AppError 403 `reauth_required`, 404 `not_found`, 409 `last_credential`
 */
export const removePasskey = defineCommand<z.infer<typeof input>, { signal: PasskeySignal }, undefined, AccountRow>({
  name: 'remove-passkey',
  resource: 'passkey',
  access: 'owner',
  input,
  isIdempotent: false,
  load: lockOwnAccount,
  async run(scope, { passkeyId }, account) {
    requireFresh(scope, account, scope.deps.config.reauthFreshSeconds);
    const passkey = await scope.tx.passkey.findFirst({ where: { id: passkeyId, userId: account.id }, select: { credentialId: true } });
    if (!passkey) return { refused: 'not_found' };
    if (isLastCredential(account, 'passkey')) return { refused: 'last_credential' };
    // The account is locked: nobody else removes it, or the other credentials, meanwhile.
    await scope.tx.passkey.deleteMany({ where: { id: passkeyId, userId: account.id } });
    await voidCodesWithoutFactor(scope, { ...account, passkeys: account.passkeys - 1 });
    await endMfaTrust(scope, account.id);
    scope.touched(account.id, passkeyId);
    scope.emit({ name: 'identity.passkey.removed', aggregateId: account.id, payload: { userId: account.id, passkeyId } });
    const credentialId = Buffer.from(passkey.credentialId).toString('base64url');
    return { signal: { rpId: scope.deps.config.webauthnRpId, credentialId } };
  },
});
