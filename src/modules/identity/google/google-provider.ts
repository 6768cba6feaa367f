import type { CommandDeps } from '../../../foundation/command/command.ts';
import { contactOf } from '../contact.ts';
import { parseEmail } from '../email.ts';
import { parsePersonName } from '../person-name.ts';
import { type IdTokenClaims, verifyIdToken } from './id-token.ts';
import type { ProviderPerson, ProviderPort } from './provider.ts';
import { createProviderKeys } from './provider-keys.ts';

type ProviderDeps = Pick<CommandDeps, 'config' | 'clock' | 'log' | 'keyring'>;

const providers = new WeakMap<CommandDeps['config'], ProviderPort>();

/** Google as configured; one per process, so that its keys are fetched once. */
export function googleOf(deps: ProviderDeps): ProviderPort {
  const known = providers.get(deps.config);
  if (known) return known;
  const made = createGoogle(deps);
  providers.set(deps.config, made);
  return made;
}

function createGoogle(deps: ProviderDeps): ProviderPort {
  const { config, clock, log } = deps;
  const keys = createProviderKeys({
    url: config.googleJwksUrl,
    cacheSeconds: config.googleJwksCacheSeconds,
    timeoutMs: config.googleHttpTimeoutMs,
    clock,
  });
  return {
    name: 'google',
    isEnabled: config.googleClientId !== '',
    issuer: config.googleIssuer,
    async readIdToken(idToken, audience) {
      const audiences = audience === 'redirect' ? [config.googleClientId] : config.googleAudiences;
      const result = await verifyIdToken(idToken, { issuer: config.googleIssuer, audiences, keyFor: keys.keyFor, now: clock.now() });
      if (result.ok) return personOf(deps, result.claims);
      // Keys that cannot be had are the operator's business; a token that is not right is its sender's.
      const level = result.reason === 'keys_unavailable' ? 'warn' : 'info';
      log[level]({ event: 'google.id_token_refused', reason: result.reason });
      return null;
    },
  };
}

function personOf(deps: ProviderDeps, claims: IdTokenClaims): ProviderPerson {
  return {
    provider: 'google',
    issuer: deps.config.googleIssuer,
    subject: claims.sub,
    email: verifiedEmail(deps, claims),
    firstName: nameOf(claims.given_name),
    lastName: nameOf(claims.family_name),
    nonce: claims.nonce,
  };
}

/** Only the JSON value true counts: "true", 1 and a missing claim do not (auth-api.md P15). */
function verifiedEmail(deps: ProviderDeps, claims: IdTokenClaims) {
  const parsed = claims.email_verified === true && claims.email !== undefined ? parseEmail(claims.email) : null;
  return parsed?.ok ? contactOf(deps, { kind: 'email', value: parsed.value }) : null;
}

/** A name that we would not take from a form is left empty for the person to fill in. */
function nameOf(claim: string | undefined): string | null {
  const parsed = claim === undefined ? null : parsePersonName(claim);
  return parsed?.ok ? parsed.value : null;
}
