/** Words for codes of lists, as a person reads them in a message. Unknown codes read as something true, never as the code. */

const factors: Record<string, string> = {
  totp: 'authenticator app',
  passkey: 'passkey',
  recovery_code: 'recovery codes',
};

export function factorName(factor: string | undefined): string {
  return factors[factor ?? ''] ?? 'second step';
}

const reasons: Record<string, string> = {
  fraud: 'signs of fraud.',
  abuse: 'behaviour that breaks our rules.',
  chargeback: 'disputed payments.',
  security: 'signs that someone else may be using it.',
  legal: 'a legal requirement.',
  customer_request: 'you asked us to.',
};

export function reasonText(reasonCode: string | undefined): string {
  return reasons[reasonCode ?? ''] ?? 'it needs a check by our team.';
}

/** `super_admin` reads `super admin`. */
export function roleName(role: string): string {
  return role.replaceAll('_', ' ');
}
