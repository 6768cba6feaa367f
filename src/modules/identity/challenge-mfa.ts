import { z } from 'zod';
import { defineCommand } from '../../foundation/command/command.ts';
import { fail } from '../../foundation/errors/app-error.ts';
import { findChallenge, type MfaChallenge } from './mfa-challenge.ts';
import { callerFields } from './sign-in-shapes.ts';

const input = z.object({ challengeId: z.string(), method: z.enum(['totp', 'passkey', 'recovery_code']), ...callerFields });
type Input = z.infer<typeof input>;

/**
 * Chooses the factor that will answer a challenge; `expiresIn` is what is left of it, in seconds.
 * @throws AppError 410 `challenge_expired`, 422 `method_not_available`
 */
export const challengeMfa = defineCommand<Input, { expiresIn: number }, undefined, MfaChallenge>({
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
    return { expiresIn: Math.max(1, Math.floor((challenge.expiresAt.getTime() - scope.now.getTime()) / 1000)) };
  },
});
