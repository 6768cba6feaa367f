import { placeName } from './place.ts';
import type { RuleStep } from './rule-trace.ts';

/** What happened to one attempt, in words for support. `until` times stay machine-readable for the screen to localise. */
export type ExplainedStep = {
  text: string;
  isPassed: boolean;
  until: string | null /** What a rule of the risk score added. */;
  points: number | null;
};

/** One rule of a trace as a sentence. Unknown rules are named, never hidden. */
export function explainStep(step: RuleStep): ExplainedStep {
  const sentence = sentences[step.rule] ?? unknownRule;
  return { text: sentence(step), isPassed: step.isPassed, until: step.until ?? null, points: step.points ?? null };
}

/** A whole trace as sentences. What the score was made from is told by the rules that were met, not as a rule of its own. */
export function explainTrace(trace: readonly RuleStep[]): readonly ExplainedStep[] {
  const inputs = trace.find((step) => step.inputs)?.inputs;
  return trace.filter((step) => step.rule !== 'risk').map((step) => explainStep(inputs && step.points ? { ...step, inputs } : step));
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
  passkey: (step) =>
    either(step, 'The passkey answered rightly.', 'The answer of the passkey did not hold, or no such passkey is registered.'),
  passkey_counter: (step) =>
    either(
      step,
      'The counter of the passkey did not grow, as is usual for one that is copied between devices.',
      'The counter of the passkey did not grow though it is bound to one device: it may have been copied.',
    ),
  challenge: () => 'The step was too late, was used before, or belongs to another app or person.',
  reauth_code: () => 'The code to confirm who it is was wrong, used, replaced or too old.',
  recovery_code: () => 'A recovery code was used.',
  google: (step) => either(step, 'Google confirmed who it was.', 'Google did not confirm who it was, or the confirmation had been used.'),
  other_identity: () => 'It was another Google account than the one that is linked.',
  link_required: () => 'The address belongs to an account that this Google account is not linked to: its owner has to prove it first.',
  link_proof: (step) => either(step, 'The owner of the account was proved.', 'The owner of the account was not proved.'),
  account_frozen: () => 'Sensitive changes are closed for a day, since the owner reported a sign-in that was not theirs.',
  identity_in_use: () => 'The Google account is linked to another account by now.',
  enrolment: () => 'The first code of a new authenticator was right.',
  new_country: () => 'The person did not sign in from this country in the last half year.',
  new_device: () => 'The person never signed in on this device before.',
  impossible_travel: ({ inputs }) =>
    inputs?.lastCountry
      ? `The last sign-in was in ${placeName(inputs.lastCountry)}, at least ${inputs.travelKm ?? 0} km away, ${durationOf(inputs.travelMinutes ?? 0)} earlier: nobody travels that fast.`
      : 'Too far from the last sign-in for the time between.',
  failures_then_success: ({ inputs }) =>
    `It came after ${inputs ? `${inputs.recentFailures}${inputs.recentFailures >= 50 ? ' or more' : ''}` : 'many'} wrong tries within a day.`,
  night_hours: ({ inputs }) =>
    inputs
      ? `It was ${String(inputs.localHour ?? 0).padStart(2, '0')}:00 to ${String(inputs.localHour ?? 0).padStart(2, '0')}:59 for the person, who signed in at night ${inputs.earlierAtNight} of ${inputs.earlier} times before.`
      : 'The person rarely signs in at this hour.',
  other_client: () => 'The session was presented by another app than the one it belongs to.',
  refresh_token_reused: () => 'A used session token came again: the session was ended for safety.',
};

function durationOf(minutes: number): string {
  if (minutes < 120) return `${minutes} ${minutes === 1 ? 'minute' : 'minutes'}`;
  return minutes < 2_880 ? `${Math.round(minutes / 60)} hours` : `${Math.round(minutes / 1_440)} days`;
}

const headlines: Readonly<Record<string, string>> = {
  invalid_credentials: 'Refused: wrong identifier or password',
  rate_limited: 'Not looked at: too many tries',
  mfa_required: 'Password or code right, second factor asked for',
  mfa_invalid: 'Refused: wrong second factor',
  passkey_invalid: 'Refused: the passkey was not accepted',
  mfa_locked: 'Not looked at: second factors are locked',
  account_suspended: 'Refused: account suspended',
  password_disabled: 'Refused: password switched off',
  verification_required: 'Refused: registration not finished',
  otp_invalid: 'Refused: wrong code',
  otp_expired: 'Refused: code too old',
  otp_exhausted: 'Refused: code had five wrong tries',
  flow_expired: 'Refused: code no longer valid',
  challenge_expired: 'Refused: the second step was too late, or had too many tries',
  enrolment_required: 'Password right, an authenticator has to be set up',
  enrolment_expired: 'Refused: the authenticator was not set up in time',
  refresh_token_invalid: 'Refused: unknown session token',
  other_client: 'Refused: session of another app',
  refresh_token_reused: 'Session ended: its token was used twice',
};

export function headlineOf(outcome: string, reasonCode: string | null): string {
  if (outcome === 'success') return 'Signed in';
  return headlines[reasonCode ?? ''] ?? `Refused: ${(reasonCode ?? 'unknown reason').replaceAll('_', ' ')}`;
}
