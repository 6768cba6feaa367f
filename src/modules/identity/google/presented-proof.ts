import { z } from 'zod';
import type { CommandDeps, CommandScope, Refusal } from '../../../foundation/command/command.ts';
import { type FieldError, fail, validationError } from '../../../foundation/errors/app-error.ts';
import type { ClientRef } from '../sign-in-shapes.ts';
import { googleOf } from './google-provider.ts';
import { type OauthIntent, redeemHandoff } from './handoff-code.ts';
import { ownClientsOf } from './own-clients.ts';
import { type PresentedToken, readPresentedToken, redeemPresentedToken } from './presented-token.ts';
import type { VouchedPerson } from './provider.ts';

/** The two ways in which a signed-in person shows a Google account: `idToken` with `nonce`, or `handoff` with `codeVerifier`. */
export const providerProofFields = {
  idToken: z.string().optional(),
  nonce: z.string().optional(),
  handoff: z.string().optional(),
  codeVerifier: z.string().optional(),
};
const providerProof = z.object(providerProofFields);
export type ProviderProof = z.infer<typeof providerProof>;

export type PreparedProviderProof = { kind: 'token'; token: PresentedToken } | { kind: 'handoff'; handoff: string; codeVerifier: string };

/** The slow half. @throws AppError 404 `provider_disabled`, 422 `required` and `invalid_value` unless it is one complete pair */
export async function prepareProviderProof(deps: CommandDeps, proof: ProviderProof): Promise<PreparedProviderProof> {
  if (!googleOf(deps).isEnabled) fail('provider_disabled');
  const { idToken, nonce, handoff, codeVerifier } = proof;
  const hasToken = idToken !== undefined || nonce !== undefined;
  const hasHandoff = handoff !== undefined || codeVerifier !== undefined;
  if (hasToken && hasHandoff) throw validationError([{ path: handoff === undefined ? 'codeVerifier' : 'handoff', code: 'invalid_value' }]);
  if (!hasHandoff && idToken !== undefined && nonce !== undefined)
    return { kind: 'token', token: await readPresentedToken(deps, { idToken, nonce }) };
  if (hasHandoff && handoff !== undefined && codeVerifier !== undefined) return { kind: 'handoff', handoff, codeVerifier };
  throw validationError(missingOf(hasHandoff ? { handoff, codeVerifier } : { idToken, nonce }));
}

function missingOf(pair: Record<string, string | undefined>): FieldError[] {
  return Object.entries(pair).flatMap(([path, value]) => (value === undefined ? [{ path, code: 'required' as const }] : []));
}

/**
 * Uses up what was shown, for one intent. Refusals: `idtoken_invalid`, `idtoken_replayed`, `provider_email_unverified`.
 * @throws AppError 400 `handoff_invalid`, which leaves the code as it was
 */
export async function redeemProviderProof(
  scope: CommandScope,
  proof: PreparedProviderProof,
  { intent, client }: { intent: OauthIntent; client: ClientRef },
): Promise<VouchedPerson | Refusal> {
  const clientIds = await ownClientsOf(scope, client);
  if (proof.kind === 'token') return redeemPresentedToken(scope, proof.token, clientIds);
  const { handoff, codeVerifier } = proof;
  const redeemed = await redeemHandoff(scope, { handoff, codeVerifier, intent, clientIds });
  return redeemed ? redeemed.person : fail('handoff_invalid');
}
