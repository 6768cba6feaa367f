import { generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { type CommandScope, defineCommand } from '../../../foundation/command/command.ts';
import { fail } from '../../../foundation/errors/app-error.ts';
import { type AccountRow, lockAccount } from '../account.ts';
import { storePasskey } from './store-passkey.ts';
import { uuidBytes } from './user-handle.ts';

const input = z.strictObject({ userId: z.uuid(), name: z.string().max(60) });
type Input = z.infer<typeof input>;

/** As a browser's virtual authenticator takes it (WebDriver of WebAuthn L3, section 11.4); all in base64url, the key in PKCS #8. */
export type SoftwarePasskey = { credentialId: string; privateKey: string; userHandle: string; rpId: string; signCount: 0 };

/**
 * A passkey of a key pair made here, for demo people: whoever gets the answer can put it into a virtual authenticator. Seed only; the
 * private key is in the answer alone.
 * @throws AppError 404 `not_found`
 */
export const enrolPasskeyFor = defineCommand<Input, SoftwarePasskey, undefined, AccountRow>({
  name: 'enrol-passkey-for',
  resource: 'passkey',
  access: 'system',
  input,
  isIdempotent: false,
  load: async (scope: CommandScope, { userId }: Input) => (await lockAccount(scope.tx, { userId })) ?? fail('not_found'),
  async run(scope, { userId, name }) {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const credentialId = randomBytes(32);
    const made = await storePasskey(
      scope,
      userId,
      {
        ...{ credentialId, publicKey: coseOf(publicKey), aaguid: null, transports: ['internal'] },
        ...{ signCount: 0, isBackupEligible: false, isBackedUp: false },
      },
      name,
    );
    if (!made) return { refused: 'passkey_exists' };
    scope.touched(userId, made.id);
    scope.emit({ name: 'identity.passkey.added', aggregateId: userId, payload: { userId, passkeyId: made.id } });
    return {
      credentialId: credentialId.toString('base64url'),
      privateKey: privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64url'),
      userHandle: uuidBytes(userId).toString('base64url'),
      rpId: scope.deps.config.webauthnRpId,
      signCount: 0,
    };
  },
});

/** The COSE form of an ES256 key (RFC 9053): a map of kty 2, alg -7, crv 1, x and y, 77 bytes always alike but for the two numbers. */
function coseOf(key: KeyObject): Buffer {
  const { x = '', y = '' } = key.export({ format: 'jwk' });
  const bytes = (text: string) => Buffer.from(text, 'base64url');
  return Buffer.concat([Buffer.from('a5010203262001215820', 'hex'), bytes(x), Buffer.from('225820', 'hex'), bytes(y)]);
}
