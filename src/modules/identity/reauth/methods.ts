import type { Config } from '../../../foundation/config/config.ts';
import type { AccountRow } from '../account.ts';

export type ReauthMethod = 'password' | 'google' | 'totp' | 'passkey' | 'otp';

type Held = Pick<AccountRow, 'hasTotp' | 'passkeys' | 'passwordHash' | 'passwordDisabled' | 'identities'>;

/**
 * The ways in which this person can satisfy a route marked with a dagger (auth-api.md 2.6): the second factors and passkeys where
 * one is enrolled, otherwise password, Google and a code to the own contact, each only where it would work.
 */
export function reauthMethodsOf(config: Pick<Config, 'googleClientId'>, account: Held): ReauthMethod[] {
  const factors: ReauthMethod[] = [];
  if (account.hasTotp) factors.push('totp');
  if (account.passkeys > 0) factors.push('passkey');
  if (factors.length > 0) return factors;
  const methods: ReauthMethod[] = [];
  if (account.passwordHash !== null && !account.passwordDisabled) methods.push('password');
  if (account.identities > 0 && config.googleClientId !== '') methods.push('google');
  return [...methods, 'otp'];
}
