import type { CommandDeps, CommandScope } from '../../../foundation/command/command.ts';
import { sha256 } from '../../../foundation/crypto/digest.ts';
import type { ErrorCode } from '../../../foundation/errors/catalogue.ts';
import { bytesOf } from '../bytes.ts';
import { redeemSingleUse, spendOnce } from '../single-use.ts';
import { googleOf } from './google-provider.ts';
import type { ProviderPerson, VouchedPerson } from './provider.ts';

/** An ID token that a client hands in, read before the transaction; null when it is not right. */
export type PresentedToken = { idToken: string; nonce: string; person: ProviderPerson | null };

export async function readPresentedToken(deps: CommandDeps, given: { idToken: string; nonce: string }): Promise<PresentedToken> {
  return { ...given, person: await googleOf(deps).readIdToken(given.idToken, 'handed_in') };
}

export type TokenRefusal = { refused: ErrorCode & ('idtoken_invalid' | 'idtoken_replayed' | 'provider_email_unverified') };

/** A token is remembered longer than it can be accepted, which is ten minutes and the clock skew. */
const tokenMemorySeconds = 3600;

/**
 * Uses up an ID token and its nonce, both once (auth-api.md P15, P17). A used token is `idtoken_replayed` whatever comes with it;
 * a nonce that is unknown, used, of another client or not the one in the token is `idtoken_invalid`, and uses up nothing.
 * @returns the person, or the refusal; return it, do not throw it
 */
export async function redeemPresentedToken(
  scope: CommandScope,
  { idToken, nonce, person }: PresentedToken,
  clientIds: readonly string[],
): Promise<VouchedPerson | TokenRefusal> {
  if (!person) return { refused: 'idtoken_invalid' };
  if (await isSpent(scope, idToken)) return { refused: 'idtoken_replayed' };
  if (nonce !== person.nonce || !(await redeemNonce(scope, nonce, clientIds))) return { refused: 'idtoken_invalid' };
  return spendToken(scope, idToken, person);
}

/** Uses up an ID token whose nonce was compared already; its address must be one that the provider has verified. */
export async function spendToken(scope: CommandScope, idToken: string, person: ProviderPerson): Promise<VouchedPerson | TokenRefusal> {
  const isFirst = await spendOnce(scope, {
    kind: 'google_id_token',
    value: signedPartOf(idToken),
    userId: null,
    lifeSeconds: tokenMemorySeconds,
  });
  if (!isFirst) return { refused: 'idtoken_replayed' };
  const { email } = person;
  return email ? { ...person, email } : { refused: 'provider_email_unverified' };
}

async function isSpent(scope: CommandScope, idToken: string): Promise<boolean> {
  const tokenHash = bytesOf(sha256(signedPartOf(idToken)));
  const row = await scope.tx.singleUse.findUnique({
    where: { kind_tokenHash: { kind: 'google_id_token', tokenHash } },
    select: { id: true },
  });
  return row !== null;
}

async function redeemNonce(scope: CommandScope, nonce: string, clientIds: readonly string[]): Promise<boolean> {
  for (const clientId of clientIds) {
    if (await redeemSingleUse(scope, { kind: 'google_nonce', token: nonce, clientId, userId: null })) return true;
  }
  return false;
}

/** Without the signature, of which ES256 has more than one spelling: what was signed is what may be used once. */
function signedPartOf(idToken: string): string {
  return idToken.slice(0, idToken.lastIndexOf('.'));
}
