/** Words for codes of lists, as a person reads them in a message. Unknown codes read as something true, never as the code. */

const factors: Record<string, string> = {
  all: 'every second step',
  totp: 'authenticator app',
  passkey: 'passkey',
  recovery_code: 'recovery codes',
};

export function factorName(factor: string | undefined): string {
  return factors[factor ?? ''] ?? 'second step';
}

const providers: Record<string, string> = { google: 'Google', facebook: 'Facebook' };

export function providerName(provider: string | undefined): string {
  return providers[provider ?? ''] ?? 'outside';
}

const reasons: Record<string, string> = {
  customer_request: 'you asked us to.',
  security: 'signs that someone else may be using it.',
  fraud: 'signs of fraud.',
  abuse: 'behaviour that breaks our rules.',
  policy: 'it does not keep to our terms.',
  legal: 'a legal requirement.',
};

export function reasonText(reasonCode: string | undefined): string {
  return reasons[reasonCode ?? ''] ?? 'it needs a check by our team.';
}

/** `super_admin` reads `super admin`. */
export function roleName(role: string): string {
  return role.replaceAll('_', ' ');
}

/** `countryCode` reads `country`, `firstName` reads `first name`. */
export function fieldName(field: string): string {
  const words = field.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
  return words.replace(/ code$/, '');
}
