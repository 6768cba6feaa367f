import type { AccountRow } from '../account.ts';

/** What a person can sign in with: password, linked identities, passkeys. Codes to the contact do not count (auth-api.md P18). */
export type SignInMethods = Pick<AccountRow, 'passwordHash' | 'identities' | 'passkeys'>;

/** Whether taking one of these away would leave the person without any: then it is refused, 409 `last_credential`. */
export function isLastCredential(has: SignInMethods, removed: 'identity' | 'passkey'): boolean {
  const held = (has.passwordHash === null ? 0 : 1) + has.identities + has.passkeys;
  const ofThatKind = removed === 'identity' ? has.identities : has.passkeys;
  return ofThatKind > 0 && held === 1;
}
