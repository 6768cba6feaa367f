import { describe, expect, it } from 'vitest';
import { factorsOf, maskedForOwner } from '../../../src/modules/identity/account.ts';
import { deviceLabelOf } from '../../../src/modules/identity/device-label.ts';
import { explainStep, headlineOf } from '../../../src/modules/identity/history/explain-sign-in.ts';
import { countryOfIp, placeName } from '../../../src/modules/identity/history/place.ts';
import type { RiskInputs } from '../../../src/modules/identity/history/rule-trace.ts';
import { limitAddress } from '../../../src/modules/identity/limit-address.ts';
import { isRefreshTokenForm } from '../../../src/modules/identity/sessions/refresh-token.ts';
import { areGrantsSound } from '../../../src/modules/identity/staff/create-staff.ts';

describe('limit addresses', () => {
  it.each([
    [null, null],
    ['102.89.23.17', '102.89.23.17'],
    ['::ffff:102.89.23.17', '102.89.23.17'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002:ffff::', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
  ])('%s counts as %s', (ip, address) => {
    expect(limitAddress(ip)).toBe(address);
  });
});

describe('places', () => {
  it('come from the offline table, and are unknown for everything it does not know', () => {
    expect(countryOfIp('105.112.0.1')).toBe('NG');
    expect(countryOfIp('::ffff:105.112.0.1')).toBe('NG');
    for (const ip of [null, '127.0.0.1', '2001:db8::1', 'nonsense']) expect(countryOfIp(ip)).toBeNull();
    expect(placeName('NG')).toBe('Nigeria');
    for (const country of [null, 'QX']) expect(placeName(country)).toBe('unknown');
  });
});

describe('device labels', () => {
  it('name browser and system, and never fail', () => {
    const chrome = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36';
    expect(deviceLabelOf(chrome)).toEqual({ name: 'Chrome on Linux', browser: 'Chrome', os: 'Linux' });
    for (const userAgent of [null, '', '\u0000', '?'.repeat(5000)]) expect(deviceLabelOf(userAgent).name).toBe('Unknown device');
  });
});

describe('grants', () => {
  it('are sound when an auditor stands alone and only support and review have leads', () => {
    expect(areGrantsSound([{ role: 'auditor', isLead: false }])).toBe(true);
    expect(
      areGrantsSound([
        { role: 'support', isLead: true },
        { role: 'reviewer', isLead: true },
      ]),
    ).toBe(true);
    expect(
      areGrantsSound([
        { role: 'auditor', isLead: false },
        { role: 'finance', isLead: false },
      ]),
    ).toBe(false);
    expect(areGrantsSound([{ role: 'finance', isLead: true }])).toBe(false);
    expect(
      areGrantsSound([
        { role: 'support', isLead: true },
        { role: 'support', isLead: false },
      ]),
    ).toBe(false);
  });
});

describe('factors', () => {
  it('count recovery codes only beside a factor', () => {
    expect(factorsOf({ hasTotp: false, passkeys: 0, recoveryCodesLeft: 5 })).toEqual([]);
    expect(factorsOf({ hasTotp: true, passkeys: 0, recoveryCodesLeft: 0 })).toEqual(['totp']);
    expect(factorsOf({ hasTotp: false, passkeys: 2, recoveryCodesLeft: 5 })).toEqual(['passkey', 'recovery_code']);
  });
});

describe('masks and forms', () => {
  it('mask for the owner by kind of contact', () => {
    expect(maskedForOwner({ kind: 'email', value: 'ada@example.com' })).toBe('a***@example.com');
    expect(maskedForOwner({ kind: 'phone', value: '+2348021234567' })).toBe('+234***4567');
  });

  it('know the form of a refresh token', () => {
    expect(isRefreshTokenForm(Buffer.alloc(32, 7).toString('base64url'))).toBe(true);
    for (const text of ['', 'a'.repeat(42), `${'a'.repeat(42)}=`, `${'a'.repeat(42)}/`, 'a'.repeat(44)])
      expect(isRefreshTokenForm(text)).toBe(false);
  });
});

describe('explaining a sign-in', () => {
  const rules = [
    'address',
    'address_and_identifier',
    'strangers',
    'known_device',
    'password',
    'password_disabled',
    'account_suspended',
    'account_closed',
    'verification_required',
    'login_code',
    'registration_code',
    'second_factor',
    'totp',
    'passkey',
    'passkey_counter',
    'challenge',
    'reauth_code',
    'recovery_code',
    ...['google', 'other_identity', 'link_required', 'link_proof', 'identity_in_use', 'account_frozen', 'enrolment'],
    ...['new_country', 'new_device', 'impossible_travel', 'failures_then_success', 'night_hours'],
    'other_client',
    'refresh_token_reused',
  ];

  it.each(rules)('has a sentence for %s, passed and refused', (rule) => {
    for (const isPassed of [true, false]) {
      const { text } = explainStep({ rule, isPassed, used: 3, limit: 5 });
      expect(text).toMatch(/^[A-Z0-9].*\.$/);
      expect(text).not.toContain('Rule "');
    }
  });

  it('names a rule it does not know, and keeps the end of a wait', () => {
    expect(explainStep({ rule: 'moon_phase', isPassed: false }).text).toBe('Rule "moon_phase" refused it.');
    expect(explainStep({ rule: 'moon_phase', isPassed: true }).text).toBe('Rule "moon_phase" let it pass.');
    expect(explainStep({ rule: 'strangers', isPassed: false, level: 2, until: '2026-11-22T10:00:00.000Z' }).until).toBe(
      '2026-11-22T10:00:00.000Z',
    );
  });

  it('says what a score rests on, as far as it is known', () => {
    const known: RiskInputs = {
      ...{ isNewCountry: false, isNewDevice: false, isThrough: true, timezone: 'Africa/Lagos' },
      ...{ lastCountry: 'GH', travelKm: 400, travelMinutes: 1, recentFailures: 50, localHour: 3, earlier: 9, earlierAtNight: 1 },
    };
    const said = (rule: string, inputs: RiskInputs) => explainStep({ rule, isPassed: true, inputs }).text;
    expect(said('impossible_travel', known)).toMatch(/at least 400 km away, 1 minute earlier/);
    expect(said('impossible_travel', { ...known, travelKm: null, travelMinutes: null })).toMatch(/at least 0 km away, 0 minutes earlier/);
    expect(said('impossible_travel', { ...known, travelMinutes: 180 })).toMatch(/3 hours earlier/);
    expect(said('impossible_travel', { ...known, travelMinutes: 4_320 })).toMatch(/3 days earlier/);
    expect(said('failures_then_success', known)).toContain('50 or more wrong tries');
    expect(said('failures_then_success', { ...known, recentFailures: 4 })).toContain(' 4 wrong tries');
    expect(said('night_hours', known)).toBe('It was 03:00 to 03:59 for the person, who signed in at night 1 of 9 times before.');
    expect(said('night_hours', { ...known, localHour: null })).toContain('00:00 to 00:59');
  });

  it('has a headline for every outcome', () => {
    expect(headlineOf('success', null)).toBe('Signed in');
    expect(headlineOf('failed', 'invalid_credentials')).toBe('Refused: wrong identifier or password');
    expect(headlineOf('failed', 'something_new')).toBe('Refused: something new');
    expect(headlineOf('failed', null)).toBe('Refused: unknown reason');
  });
});
