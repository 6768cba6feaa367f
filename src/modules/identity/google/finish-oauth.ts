import { z } from 'zod';
import { type CommandDeps, defineCommand } from '../../../foundation/command/command.ts';
import { googleOf } from './google-provider.ts';
import { issueHandoff, oauthIntents } from './handoff-code.ts';
import { spendToken } from './presented-token.ts';
import type { ProviderPerson } from './provider.ts';

const input = z.object({
  idToken: z.string().nullable(),
  nonce: z.string(),
  clientId: z.string(),
  intent: z.enum(oauthIntents),
  codeChallenge: z.string(),
  role: z.enum(['client', 'vendor']),
  termsVersion: z.string().nullable(),
});
type Input = z.infer<typeof input>;

/**
 * Turns the ID token of a redirect leg into a handoff for the client that started it. Signs nobody in.
 * @throws AppError 401 `idtoken_invalid`, `idtoken_replayed`, 403 `provider_email_unverified`
 */
export const finishOauth = defineCommand<Input, { handoff: string }, ProviderPerson | null>({
  name: 'finish-oauth',
  resource: 'auth',
  access: 'public',
  input,
  isIdempotent: false,
  prepare,
  async run(scope, { idToken, nonce, clientId, ...terms }, _loaded, claimed) {
    if (!idToken || claimed?.nonce !== nonce) return { refused: 'idtoken_invalid' };
    const person = await spendToken(scope, idToken, claimed);
    if ('refused' in person) return person;
    const { intent, codeChallenge, role, termsVersion } = terms;
    return { handoff: await issueHandoff(scope, clientId, { person, intent, codeChallenge, role, termsVersion }) };
  },
});

async function prepare(deps: CommandDeps, { idToken }: Input): Promise<ProviderPerson | null> {
  return idToken ? googleOf(deps).readIdToken(idToken, 'redirect') : null;
}
