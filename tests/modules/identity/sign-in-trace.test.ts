import { describe, expect, it } from 'vitest';
import { type TraceFacts, traceOf } from '../../../src/modules/identity/history/sign-in-trace.ts';

const now = new Date('2026-03-02T09:00:00Z');
const later = new Date(now.getTime() + 60_000);
const earlier = new Date(now.getTime() - 60_000);
const open: TraceFacts = { status: 'active', passwordDisabled: false, lockedUntil: null };
const of = (facts: Partial<TraceFacts>) => traceOf({ ...open, ...facts }, [], now);
const triesOf = (failed: number, strangers: number, networks: number) => ({ failed, strangers, networks, firstAt: earlier, lastAt: now });

describe('what stands in the way of a sign-in', () => {
  it('is nothing for an open account', () => {
    expect(of({ verifiedAt: earlier })).toEqual({ obstacles: [], hints: [], pattern: null, tries: null, attempts: [] });
  });

  const obstacles: readonly [string, Partial<TraceFacts>, string, Date | null][] = [
    ['a suspended account', { status: 'suspended' }, 'The account is suspended.', null],
    ['a contact that was never verified', { verifiedAt: null }, 'The contact was never verified.', null],
    ['a password that is switched off', { passwordDisabled: true }, 'The password is switched off until it is reset.', null],
    ['a lock', { lockedUntil: later }, 'Unknown devices have to wait. A device that signed in before is not affected.', later],
    ['a freeze', { frozenUntil: later }, 'Sensitive changes are closed; signing in is not affected.', later],
  ];
  it.each(obstacles)('names %s', (_name, facts, text, until) => {
    expect(of(facts).obstacles).toEqual([{ text, until }]);
  });

  it('forgets a lock and a freeze that are over', () => {
    expect(of({ lockedUntil: now, frozenUntil: earlier }).obstacles).toEqual([]);
  });

  it('says once that an account is suspended, not also that its contact is unverified', () => {
    expect(of({ status: 'suspended', verifiedAt: null }).obstacles).toHaveLength(1);
  });
});

describe('what the person needs to get in', () => {
  const hints: readonly [string, Partial<TraceFacts>, string][] = [
    ['a new password', { passwordDisabled: true }, 'Send a reset link: with a new password the account opens again.'],
    [
      'Google, where there is nothing else',
      { hasPassword: false, authMethod: 'google' },
      'There is no password: they sign in with Google only. A reset link says so.',
    ],
    [
      'a code, where there is no password',
      { hasPassword: false, authMethod: 'phone' },
      'There is no password yet: they sign in with a code.',
    ],
    [
      'one of their factors, or two people',
      { factors: ['totp', 'passkey', 'recovery_code'], recoveryCodesLeft: 1 },
      'A second step is asked for (authenticator app or passkey); 1 recovery code is left. Whoever has lost it needs an MFA reset by two people.',
    ],
    [
      'a factor, without codes',
      { factors: ['passkey'] },
      'A second step is asked for (passkey); 0 recovery codes are left. Whoever has lost it needs an MFA reset by two people.',
    ],
    [
      'their own device',
      { devices: [{ label: 'Firefox on Linux', place: 'Lagos' }] },
      'Their own device (Firefox on Linux, Lagos) has tries of its own and is not held up by what strangers do.',
    ],
    [
      'their own device, wherever it is',
      { devices: [{ label: 'Firefox on Linux', place: 'unknown' }] },
      'Their own device (Firefox on Linux) has tries of its own and is not held up by what strangers do.',
    ],
    [
      'nothing for a restriction',
      { isRestricted: true },
      'Processing is restricted at their request. That does not stop them from signing in.',
    ],
  ];
  it.each(hints)('%s', (_name, facts, hint) => {
    expect(of(facts).hints).toEqual([hint]);
  });

  it('promises a suspended account nothing for its own device', () => {
    expect(of({ status: 'suspended', devices: [{ label: 'Firefox on Linux', place: 'Lagos' }] }).hints).toEqual([]);
  });
});

describe('what wrong tries look like', () => {
  const own = [{ label: 'Firefox on Linux', place: 'Lagos' }];

  it('is said from five tries on', () => {
    expect(of({ tries: triesOf(4, 4, 4) }).pattern).toBeNull();
    expect(of({ tries: triesOf(5, 5, 4) }).pattern?.kind).toBe('attack');
  });

  it('is an attack from three networks on, if at least half of it came from strangers', () => {
    expect(of({ tries: triesOf(8, 8, 2) }).pattern?.kind).toBe('mistyping');
    expect(of({ tries: triesOf(8, 3, 5) }).pattern?.kind).toBe('mistyping');
    expect(of({ tries: triesOf(8, 4, 3) }).pattern?.kind).toBe('attack');
  });

  it('leaves the lock to an attack, and tells how the owner gets in', () => {
    const start = 'This looks like strangers guessing. Leave it locked.';
    expect(of({ tries: triesOf(9, 9, 3), devices: own }).pattern?.advice).toBe(
      `${start} The owner gets in on their own device, or by a reset link.`,
    );
    expect(of({ tries: triesOf(9, 9, 3) }).pattern?.advice).toBe(`${start} A reset link lets the owner in.`);
  });

  it('lets a mistyper be unlocked, or helps with a new password', () => {
    const start = 'This looks like somebody who mistypes or forgot the password.';
    const tries = triesOf(6, 0, 1);
    expect(of({ tries, lockedUntil: later }).pattern?.advice).toBe(`${start} Once the caller is checked, unlocking is safe.`);
    expect(of({ tries, lockedUntil: earlier }).pattern?.advice).toBe(`${start} A reset link helps if the password is forgotten.`);
    expect(of({ tries }).tries).toEqual(tries);
  });
});
