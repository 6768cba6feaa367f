import { z } from 'zod';
import { type CommandScope, defineCommand } from '../../../foundation/command/command.ts';
import { type AccountRow, requireContact } from '../account.ts';
import { lockOwnAccount, requireFresh } from '../freshness.ts';
import { issueChallenge } from './passkey-challenge.ts';
import { type CreationOptions, creationOptions, passkeyChallengeSeconds } from './passkey-options.ts';

const input = z.object({});

/** A person has at most this many. */
export const maxPasskeys = 20;

export type PasskeyCreation = { challengeId: string; options: CreationOptions; expiresIn: number };

/**
 * A challenge for a new passkey of the own account, which only this person can answer.
 * @throws AppError 403 `reauth_required`, 409 `too_many_passkeys`
 */
export const startPasskey = defineCommand<z.infer<typeof input>, PasskeyCreation, undefined, AccountRow>({
  name: 'start-passkey',
  resource: 'passkey',
  access: 'owner',
  input,
  isIdempotent: false,
  load: lockOwnAccount,
  async run(scope, _body, account) {
    requireFresh(scope, account, scope.deps.config.reauthFreshSeconds);
    if (account.passkeys >= maxPasskeys) return { refused: 'too_many_passkeys' };
    const { challengeId, challenge } = await issueChallenge(scope, {
      kind: 'passkey_registration',
      clientId: null,
      challengeOwnerId: account.id,
    });
    scope.touched(account.id);
    const { value } = requireContact(scope.deps.keyring, account);
    const options = creationOptions(scope.deps.config, {
      challenge,
      user: { id: account.id, name: value, displayName: account.displayName ?? value },
      registered: await registeredBy(scope, account.id),
    });
    return { challengeId, options, expiresIn: passkeyChallengeSeconds };
  },
});

/** The passkeys of a person as a browser has to know them: their own, to answer with or to leave out. */
export function registeredBy(
  scope: Pick<CommandScope, 'tx'>,
  userId: string,
): Promise<{ credentialId: Uint8Array; transports: string[] }[]> {
  return scope.tx.passkey.findMany({
    where: { userId },
    select: { credentialId: true, transports: true },
    orderBy: { id: 'asc' },
    take: maxPasskeys,
  });
}
