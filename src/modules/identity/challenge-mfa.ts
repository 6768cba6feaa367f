import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { type CommandScope, defineCommand } from '../../foundation/command/command.ts';
import { fail } from '../../foundation/errors/app-error.ts';
import { bytesOf } from './bytes.ts';
import { findChallenge, type MfaChallenge } from './mfa-challenge.ts';
import { type RequestOptions, requestOptions } from './passkeys/passkey-options.ts';
import { registeredBy } from './passkeys/start-passkey.ts';
import { callerFields } from './sign-in-shapes.ts';

const input = z.object({ challengeId: z.string(), method: z.enum(['totp', 'passkey', 'recovery_code']), ...callerFields });
type Input = z.infer<typeof input>;

/** `options` only for a passkey. `expiresIn` is what is left of the challenge, in seconds. */
export type ChosenFactor = { expiresIn: number; options: RequestOptions | null };

/**
 * Chooses the factor that will answer a challenge. For a passkey it gives out what the device has to sign, anew each time: an
 * answer to an earlier one is wrong from then on.
 * @throws AppError 410 `challenge_expired`, 422 `method_not_available`
 */
export const challengeMfa = defineCommand<Input, ChosenFactor, undefined, MfaChallenge>({
  name: 'challenge-mfa',
  resource: 'auth',
  access: 'public',
  input,
  isIdempotent: false,
  async load(scope, body) {
    return (await findChallenge(scope.tx, body.challengeId, body.client.clientId, scope.now)) ?? fail('challenge_expired');
  },
  async run(scope, body, challenge) {
    if (!challenge.methods.includes(body.method)) return { refused: 'method_not_available' };
    scope.touched(challenge.userId);
    const expiresIn = Math.max(1, Math.floor((challenge.expiresAt.getTime() - scope.now.getTime()) / 1000));
    return { expiresIn, options: body.method === 'passkey' ? await optionsFor(scope, challenge, expiresIn) : null };
  },
});

async function optionsFor(scope: CommandScope, challenge: MfaChallenge, seconds: number): Promise<RequestOptions> {
  const bytes = randomBytes(32);
  await scope.tx.mfaChallenge.updateMany({ where: { id: challenge.id }, data: { webauthnChallenge: bytesOf(bytes) } });
  const allowed = await registeredBy(scope, challenge.userId);
  return requestOptions(scope.deps.config, { challenge: bytes.toString('base64url'), seconds, allowed });
}
