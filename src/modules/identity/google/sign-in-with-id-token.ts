import { z } from 'zod';
import { type CommandDeps, defineCommand } from '../../../foundation/command/command.ts';
import { callerFields } from '../sign-in-shapes.ts';
import { readNewAccountTerms } from './new-account-terms.ts';
import { type PresentedToken, readPresentedToken, redeemPresentedToken } from './presented-token.ts';
import { type ProviderOutcome, signInWithProvider } from './provider-sign-in.ts';

const input = z.object({
  idToken: z.string(),
  nonce: z.string(),
  role: z.string().optional(),
  termsVersion: z.string().nullish(),
  ...callerFields,
});
type Input = z.infer<typeof input>;

type Prepared = { role: 'client' | 'vendor'; termsVersion: string | null; token: PresentedToken };

/**
 * Signs in by an ID token that a server or an app got from Google for a nonce of ours.
 * @throws AppError 401 `idtoken_invalid`, `idtoken_replayed`, 403 `provider_email_unverified`, `account_suspended`, 422
 * `role_not_allowed`, `terms_version_unknown`
 */
export const signInWithIdToken = defineCommand<Input, ProviderOutcome, Prepared>({
  name: 'sign-in-by-google',
  resource: 'auth',
  access: 'public',
  input,
  isIdempotent: false,
  prepare,
  async run(scope, { client, device }, _loaded, { token, role, termsVersion }) {
    const person = await redeemPresentedToken(scope, token, [client.clientId]);
    if ('refused' in person) return person;
    return signInWithProvider(scope, { person, role, termsVersion, client, device, closedCode: 'idtoken_invalid' });
  },
});

async function prepare(deps: CommandDeps, body: Input): Promise<Prepared> {
  const terms = readNewAccountTerms(deps, body);
  return { ...terms, token: await readPresentedToken(deps, body) };
}
