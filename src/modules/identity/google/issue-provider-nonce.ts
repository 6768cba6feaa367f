import { z } from 'zod';
import { defineCommand } from '../../../foundation/command/command.ts';
import { callerFields } from '../sign-in-shapes.ts';
import { issueSingleUse } from '../single-use.ts';

const input = z.object(callerFields);
type Input = z.infer<typeof input>;

/** How long a nonce waits for the ID token made with it (auth-api.md 2.3), in seconds. */
const nonceSeconds = 600;

/** A nonce for one ID token that the calling client is about to get from Google. */
export const issueProviderNonce = defineCommand<Input, { nonce: string; expiresIn: number }>({
  name: 'issue-google-nonce',
  resource: 'auth',
  access: 'public',
  input,
  isIdempotent: false,
  async run(scope, { client }) {
    const nonce = await issueSingleUse(scope, { kind: 'google_nonce', clientId: client.clientId, userId: null, lifeSeconds: nonceSeconds });
    return { nonce, expiresIn: nonceSeconds };
  },
});
