import { z } from 'zod';
import { defineCommand } from '../../../foundation/command/command.ts';
import { callerFields } from '../sign-in-shapes.ts';
import { issueChallenge } from './passkey-challenge.ts';
import { passkeyChallengeSeconds, type RequestOptions, requestOptions } from './passkey-options.ts';

const input = z.object({ ...callerFields });

export type PasskeyRequest = { challengeId: string; options: RequestOptions; expiresIn: number };

/** A challenge for a sign-in without identifier: nothing of it depends on anybody (auth-api.md 2.2, P1). */
export const startPasskeySignIn = defineCommand<z.infer<typeof input>, PasskeyRequest>({
  name: 'start-passkey-sign-in',
  resource: 'auth',
  access: 'public',
  input,
  isIdempotent: false,
  async run(scope, { client }) {
    const { challengeId, challenge } = await issueChallenge(scope, {
      kind: 'passkey_sign_in',
      clientId: client.clientId,
      challengeOwnerId: null,
    });
    const options = requestOptions(scope.deps.config, { challenge, seconds: passkeyChallengeSeconds });
    return { challengeId, options, expiresIn: passkeyChallengeSeconds };
  },
});
