import type { RuleStep } from './rule-trace.ts';

/** What happened to one attempt, in words for support. `until` times stay machine-readable for the screen to localise. */
export type ExplainedStep = { text: string; isPassed: boolean; until: string | null };

/** One rule of a trace as a sentence. Unknown rules are named, never hidden. */
export function explainStep(step: RuleStep): ExplainedStep {
  const sentence = sentences[step.rule] ?? unknownRule;
  return { text: sentence(step), isPassed: step.isPassed, until: step.until ?? null };
}

const tries = ({ used = 0, limit = 0 }: RuleStep) => `${Math.min(used, limit)} of ${limit}`;
const either = (step: RuleStep, passed: string, refused: string) => (step.isPassed ? passed : refused);
const unknownRule = (step: RuleStep) => `Rule "${step.rule}" ${step.isPassed ? 'let it pass' : 'refused it'}.`;

const sentences: Readonly<Record<string, (step: RuleStep) => string>> = {
  address: (step) => either(step, 'This network may try.', 'Too many attempts from this network within a minute.'),
  address_and_identifier: (step) =>
    either(
      step,
      `Try ${tries(step)} in 15 minutes from this network.`,
      'Five wrong tries from this network within 15 minutes: it has to wait, even with the right password.',
    ),
  strangers: (step) =>
    either(
      step,
      `Unknown device. Wrong tries by all unknown devices within an hour: ${tries(step)}.`,
      `Unknown devices have to wait (step ${step.level ?? 1} of the growing waits). A device that signed in before is not affected.`,
    ),
  known_device: (step) =>
    either(
      step,
      `A device that signed in before. Try ${tries(step)} in 15 minutes.`,
      'This device had ten wrong tries within 15 minutes and has to wait.',
    ),
  password: (step) => either(step, 'The password was right.', 'The password was wrong, or the account has none.'),
  password_disabled: () => 'The password is switched off until it is reset.',
  account_suspended: () => 'The account is suspended.',
  account_closed: () => 'The account may not sign in here.',
  verification_required: () => 'The registration was never finished: the code was sent again.',
  login_code: (step) => either(step, 'The code was right.', 'The code was wrong, used, replaced or too old.'),
  registration_code: (step) =>
    either(step, 'The registration code was right.', 'The registration code was wrong, used, replaced or too old.'),
  second_factor: (step) =>
    either(step, `Second factor, try ${tries(step)} in 15 minutes.`, 'Ten wrong second factors within 15 minutes: locked for an hour.'),
  totp: () => 'The authenticator code was right.',
  recovery_code: () => 'A recovery code was used.',
  other_client: () => 'The session was presented by another app than the one it belongs to.',
  refresh_token_reused: () => 'A used session token came again: the session was ended for safety.',
};

const headlines: Readonly<Record<string, string>> = {
  invalid_credentials: 'Refused: wrong identifier or password',
  rate_limited: 'Not looked at: too many tries',
  mfa_required: 'Password or code right, second factor asked for',
  mfa_invalid: 'Refused: wrong second factor',
  mfa_locked: 'Not looked at: second factors are locked',
  account_suspended: 'Refused: account suspended',
  password_disabled: 'Refused: password switched off',
  verification_required: 'Refused: registration not finished',
  otp_invalid: 'Refused: wrong code',
  otp_expired: 'Refused: code too old',
  otp_exhausted: 'Refused: code had five wrong tries',
  flow_expired: 'Refused: code no longer valid',
  other_client: 'Refused: session of another app',
  refresh_token_reused: 'Session ended: its token was used twice',
};

export function headlineOf(outcome: string, reasonCode: string | null): string {
  if (outcome === 'success') return 'Signed in';
  return headlines[reasonCode ?? ''] ?? `Refused: ${(reasonCode ?? 'unknown reason').replaceAll('_', ' ')}`;
}
