import type { CommandDeps } from '../../../foundation/command/command.ts';
import type { AuthClient } from '../../../foundation/config/config.ts';
import { randomToken } from '../../../foundation/crypto/random-token.ts';
import { fail } from '../../../foundation/errors/app-error.ts';
import type { HandoffTerms, OauthIntent } from './handoff-code.ts';
import { readNewAccountTerms } from './new-account-terms.ts';

/** A redirect leg under way: kept in the browser that started it, sealed; nowhere else (auth-api.md P13, P15). */
export type OauthFlow = HandoffTerms & {
  provider: 'google';
  state: string;
  nonce: string;
  /** Of our own leg to the provider. */
  codeVerifier: string;
  clientId: string;
  returnTo: string;
  startedAt: number;
};

export type OauthRequest = {
  clientId?: string | undefined;
  returnTo?: string | undefined;
  codeChallenge?: string | undefined;
  codeChallengeMethod?: string | undefined;
  intent?: OauthIntent | undefined;
  role?: string | undefined;
  termsVersion?: string | undefined;
};

/** How long the person may take at the provider, in seconds (auth-api.md section 3). */
export const oauthStateSeconds = 600;

const challengeForm = /^[A-Za-z0-9_-]{43}$/;

/**
 * Checks a request for a redirect leg and makes its secrets. Writes nothing: loading the address any number of times changes nothing.
 * @throws AppError 400 `return_to_not_allowed`, `pkce_required`, 401 `client_invalid`, 422 `role_not_allowed`, `terms_version_unknown`
 */
export function startOauth(deps: Pick<CommandDeps, 'config' | 'clock'>, request: OauthRequest): OauthFlow {
  const client = deps.config.authClients.find(({ id }) => id === request.clientId) ?? fail('client_invalid');
  const returnTo = returnToOf(client, request.returnTo);
  const { codeChallenge, codeChallengeMethod } = request;
  const isPkce = codeChallengeMethod === 'S256' && codeChallenge !== undefined && challengeForm.test(codeChallenge);
  if (!isPkce) return fail('pkce_required');
  return {
    provider: 'google',
    intent: request.intent ?? 'login',
    ...readNewAccountTerms(deps, request),
    codeChallenge,
    state: randomToken(32),
    nonce: randomToken(32),
    codeVerifier: randomToken(32),
    clientId: client.id,
    returnTo,
    startedAt: deps.clock.now().getTime(),
  };
}

/** To the letter: no prefix, no other spelling of the same address (RFC 9700 section 2.1). */
function returnToOf(client: AuthClient, returnTo: string | undefined): string {
  return returnTo !== undefined && client.returnTo.includes(returnTo) ? returnTo : fail('return_to_not_allowed');
}
