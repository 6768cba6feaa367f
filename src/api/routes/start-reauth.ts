import { z } from 'zod';
import { commands } from '../../modules/identity/index.ts';
import { defineEndpoint, noQuery } from '../define-endpoint.ts';
import { callerOf, execute } from '../execute.ts';
import { passkeyRequest } from '../passkey-shapes.ts';
import { pendingReplies, pendingReply } from '../pending.ts';

/** POST /account/reauth/options: a challenge for an own passkey, or a code to the own contact. */
export const startReauth = defineEndpoint({
  summary: 'Begin to prove yourself again',
  query: noQuery,
  body: z.strictObject({ method: z.enum(['passkey', 'otp']) }),
  replies: { 200: { description: 'What the device has to sign', schema: passkeyRequest }, ...pendingReplies },
  errors: ['method_not_available'],
  async handle(call, { body }) {
    const result = await execute(call, commands.startReauth, { input: { ...body, ...callerOf(call) } });
    const { output } = result;
    if (output.method === 'otp') return pendingReply(call, { ...result, output: output.pending });
    const { challengeId, options, expiresIn } = output;
    return { status: 200, body: { challengeId, options, expiresIn } };
  },
});
