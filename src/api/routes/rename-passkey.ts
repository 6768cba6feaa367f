import { z } from 'zod';
import { commands } from '../../modules/identity/index.ts';
import { defineEndpoint, noQuery } from '../define-endpoint.ts';
import { execute } from '../execute.ts';
import { passkey } from '../passkey-shapes.ts';
import { pathId } from '../path-id.ts';

/** PATCH /account/passkeys/{id}. */
export const renamePasskey = defineEndpoint({
  summary: 'Rename a passkey',
  query: noQuery,
  body: z.strictObject({ name: z.string().max(60) }),
  replies: { 200: { description: 'The passkey as it is now', schema: passkey } },
  errors: ['not_found'],
  async handle(call, { body }) {
    const { output } = await execute(call, commands.renamePasskey, { input: { ...body, passkeyId: pathId(call) } });
    return { status: 200, body: output };
  },
});
