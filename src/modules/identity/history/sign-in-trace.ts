import type { LoginEvent, User } from '@prisma/client';
import { type ExplainedStep, explainTrace, headlineOf } from './explain-sign-in.ts';
import { itemOf, type LoginEventItem } from './login-event-item.ts';
import { parseTrace } from './rule-trace.ts';

export type SignInTrace = {
  /** What stands in the way now, in words; empty when nothing does. */
  obstacles: readonly { text: string; until: Date | null }[];
  /** What the person needs to get in, and what only looks like an obstacle. */
  hints: readonly string[];
  /** What the wrong tries of the last day look like, and what to do about it; null with too few of them. */
  pattern: { kind: 'attack' | 'mistyping'; advice: string } | null;
  /** Wrong and blocked tries of the last 24 hours; null where they were not counted. */
  tries: { failed: number; strangers: number; networks: number; firstAt: Date | null; lastAt: Date | null } | null;
  attempts: readonly (LoginEventItem & { headline: string; steps: readonly ExplainedStep[] })[];
};

/** What is known of an account besides its attempts. What is left out is not spoken of. */
export type TraceFacts = Pick<User, 'status' | 'passwordDisabled' | 'lockedUntil'> & {
  hasPassword?: boolean;
  authMethod?: User['authMethod'];
  verifiedAt?: Date | null;
  frozenUntil?: Date | null;
  factors?: readonly string[];
  recoveryCodesLeft?: number;
  isRestricted?: boolean;
  devices?: readonly { label: string; place: string }[];
  tries?: { failed: number; strangers: number; networks: number; firstAt: Date | null; lastAt: Date | null };
};

type Obstacle = SignInTrace['obstacles'][number];

/** "Why can't I sign in?" from rows that are loaded already. */
export function traceOf(facts: TraceFacts, events: readonly LoginEvent[], now: Date): SignInTrace {
  const attempts = events.map((row) => {
    return { ...itemOf(row), headline: headlineOf(row.outcome, row.reasonCode), steps: explainTrace(parseTrace(row.ruleTrace)) };
  });
  return {
    obstacles: obstaclesOf(facts, now),
    hints: hintsOf(facts),
    pattern: patternOf(facts, now),
    tries: facts.tries ?? null,
    attempts,
  };
}

function obstaclesOf(facts: TraceFacts, now: Date): Obstacle[] {
  const stands = (text: string, until: Date | null = null): Obstacle => ({ text, until });
  const { status, lockedUntil, frozenUntil } = facts;
  return [
    ...(status === 'active' ? [] : [stands(`The account is ${status}.`)]),
    ...(facts.verifiedAt === null && status === 'active' ? [stands('The contact was never verified.')] : []),
    ...(facts.passwordDisabled ? [stands('The password is switched off until it is reset.')] : []),
    ...(lockedUntil && lockedUntil > now
      ? [stands('Unknown devices have to wait. A device that signed in before is not affected.', lockedUntil)]
      : []),
    ...(frozenUntil && frozenUntil > now ? [stands('Sensitive changes are closed; signing in is not affected.', frozenUntil)] : []),
  ];
}

/** What the person needs to get in, and what does not stand in the way though it looks like it. */
function hintsOf(facts: TraceFacts): string[] {
  const { hasPassword, authMethod, factors = [], recoveryCodesLeft = 0, isRestricted, devices = [], status } = facts;
  const [own] = devices;
  const known = own ? `${own.label}${own.place === 'unknown' ? '' : `, ${own.place}`}` : null;
  return [
    ...(facts.passwordDisabled ? ['Send a reset link: with a new password the account opens again.'] : []),
    ...(hasPassword === false && authMethod === 'google'
      ? ['There is no password: they sign in with Google only. A reset link says so.']
      : []),
    ...(hasPassword === false && authMethod !== 'google' ? ['There is no password yet: they sign in with a code.'] : []),
    ...(factors.length > 0 ? [factorHint(factors, recoveryCodesLeft)] : []),
    ...(known && status === 'active' ? [`Their own device (${known}) has tries of its own and is not held up by what strangers do.`] : []),
    ...(isRestricted ? ['Processing is restricted at their request. That does not stop them from signing in.'] : []),
  ];
}

function factorHint(factors: readonly string[], recoveryCodesLeft: number): string {
  const names = factors.filter((factor) => factor !== 'recovery_code').map((factor) => (factor === 'totp' ? 'authenticator app' : factor));
  const codes = recoveryCodesLeft === 1 ? '1 recovery code is left' : `${recoveryCodesLeft} recovery codes are left`;
  return `A second step is asked for (${names.join(' or ')}); ${codes}. Whoever has lost it needs an MFA reset by two people.`;
}

/** Strangers at work, or the owner's own mistakes: fewer networks than these are no attack. */
const attackNetworks = 3;
const manyTries = 5;

function patternOf({ tries, lockedUntil, devices = [] }: TraceFacts, now: Date): SignInTrace['pattern'] {
  if (!tries || tries.failed < manyTries) return null;
  if (tries.networks >= attackNetworks && tries.strangers >= tries.failed / 2) {
    const way = devices.length > 0 ? 'The owner gets in on their own device, or by a reset link.' : 'A reset link lets the owner in.';
    return { kind: 'attack', advice: `This looks like strangers guessing. Leave it locked. ${way}` };
  }
  const isLocked = lockedUntil !== null && lockedUntil > now;
  const next = isLocked ? 'Once the caller is checked, unlocking is safe.' : 'A reset link helps if the password is forgotten.';
  return { kind: 'mistyping', advice: `This looks like somebody who mistypes or forgot the password. ${next}` };
}
