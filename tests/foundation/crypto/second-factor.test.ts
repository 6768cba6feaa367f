import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createKeyring } from '../../../src/foundation/crypto/keyring.ts';
import { maskEmailForOwner, maskEmailForStaff, maskPhoneForOwner, maskPhoneForStaff } from '../../../src/foundation/crypto/mask.ts';
import { isRecoveryCode, newRecoveryCodes, parseRecoveryCode } from '../../../src/foundation/crypto/recovery-code.ts';
import { findTotpStep, newTotpSecret, totpCode, totpStepAt, totpUri } from '../../../src/foundation/crypto/totp.ts';

const keyring = createKeyring({
  piiKeks: [{ kid: 'k1', key: randomBytes(32) }],
  blindIndexKey: randomBytes(32),
  tokenHmacKey: randomBytes(32),
  deviceTokenKey: randomBytes(32),
  cookieSealKey: randomBytes(32),
});

describe('TOTP', () => {
  /** Base32 of the ASCII secret "12345678901234567890" of RFC 6238 appendix B. */
  const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
  const at = (seconds: number) => new Date(seconds * 1000);

  it.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
    [20_000_000_000, '353130'],
  ])('agrees with RFC 6238 appendix B at %i s', (seconds, code) => {
    expect(totpCode(secret, totpStepAt(at(seconds)))).toBe(code);
  });

  it('accepts this step and the one before, and says which', () => {
    const now = at(1_234_567_890);
    const step = totpStepAt(now);
    expect(findTotpStep(secret, totpCode(secret, step), now)).toBe(step);
    expect(findTotpStep(secret, totpCode(secret, step - 1), now)).toBe(step - 1);
  });

  it('refuses the step after, the one two before and everything else', () => {
    const now = at(1_234_567_890);
    const step = totpStepAt(now);
    for (const code of [
      totpCode(secret, step + 1),
      totpCode(secret, step - 2),
      '',
      '005 924',
      '5924',
      '0059240',
      'abcdef',
      '\uff10\uff10\uff15\uff19\uff12\uff14',
    ]) {
      expect(findTotpStep(secret, code, now)).toBeNull();
    }
  });

  it('moves to the next step after exactly 30 s', () => {
    expect(totpStepAt(new Date(29_999))).toBe(0);
    expect(totpStepAt(new Date(30_000))).toBe(1);
  });

  it('has secrets of 160 bit that never repeat and can be read back', () => {
    const secrets = Array.from({ length: 50 }, newTotpSecret);
    expect(new Set(secrets).size).toBe(50);
    for (const fresh of secrets) {
      expect(fresh).toMatch(/^[A-Z2-7]{32}$/);
      expect(totpCode(fresh, 1)).toMatch(/^\d{6}$/);
    }
    for (const none of ['not base32!', '', 'A']) expect(() => totpCode(none, 1)).toThrow(TypeError);
  });

  it('is handed to apps with everything escaped', () => {
    const uri = new URL(totpUri(secret, 'Fashionistar & Co', 'a***@example.com'));
    expect([uri.protocol, uri.host, decodeURIComponent(uri.pathname)]).toEqual(['otpauth:', 'totp', '/Fashionistar & Co:a***@example.com']);
    expect(Object.fromEntries(uri.searchParams)).toEqual({
      secret,
      issuer: 'Fashionistar & Co',
      algorithm: 'SHA1',
      digits: '6',
      period: '30',
    });
  });
});

describe('recovery codes', () => {
  const codes = newRecoveryCodes(keyring);

  it('are ten of ten characters, each in a slot of its own', () => {
    expect(codes.length).toBe(10);
    expect(new Set(codes.map((entry) => entry.slot)).size).toBe(10);
    for (const { code, slot } of codes) {
      expect(code).toMatch(/^[0-9a-hjkmnp-tv-z]{5}-[0-9a-hjkmnp-tv-z]{5}$/);
      expect(parseRecoveryCode(code)?.slot).toBe(slot);
      expect(slot).toBeLessThan(32);
    }
  });

  it('match their own hash and no other', () => {
    for (const { code } of codes) {
      const canonical = parseRecoveryCode(code)?.canonical ?? '';
      expect(codes.filter((entry) => isRecoveryCode(keyring, canonical, entry.codeHash)).map((entry) => entry.code)).toEqual([code]);
    }
  });

  it('are hashed with a salt: the same code never gives the same hash', () => {
    const hashes = Array.from({ length: 20 }, () => newRecoveryCodes(keyring))
      .flat()
      .map((entry) => entry.codeHash);
    expect(new Set(hashes).size).toBe(200);
    expect(hashes.every((hash) => Buffer.from(hash, 'base64url').length === 48)).toBe(true);
  });

  it('are read in any case, with dashes, blanks and look-alike letters', () => {
    expect(parseRecoveryCode(' K7PQ2-M9XAB ')?.canonical).toBe('k7pq2m9xab');
    expect(parseRecoveryCode('k7pq2 m9xab')?.canonical).toBe('k7pq2m9xab');
    expect(parseRecoveryCode('OIL00-00000')?.canonical).toBe('0110000000');
  });

  it.each(['', 'k7pq2-m9xa', 'k7pq2-m9xabc', 'k7pq2-m9xau', 'k7pq2_m9xab', '\u{1f600}'.repeat(10)])('"%s" is no code', (typed) => {
    expect(parseRecoveryCode(typed)).toBeNull();
  });

  it('refuse a stored value of another form', () => {
    expect(isRecoveryCode(keyring, 'k7pq2m9xab', 'short')).toBe(false);
    expect(isRecoveryCode(keyring, 'k7pq2m9xab', 'not base64url!')).toBe(false);
  });

  it('use all of the alphabet', () => {
    const seen = new Set(
      Array.from({ length: 60 }, () => newRecoveryCodes(keyring))
        .flat()
        .flatMap((entry) => [...entry.code]),
    );
    expect(seen.size).toBe(33);
  });
});

describe('masks', () => {
  it('show staff little and the owner what they know', () => {
    expect(maskEmailForStaff('ada.obi@example.com')).toBe('a•••@e•••.com');
    expect(maskEmailForStaff('ada@shop.example.co.uk')).toBe('a•••@s•••.uk');
    expect(maskEmailForOwner('ada.obi@example.com')).toBe('a***@example.com');
    expect(maskPhoneForStaff('+2348021234567')).toBe('+234 ••• ••• 4567');
    expect(maskPhoneForOwner('+2348021234567')).toBe('+234***4567');
    expect(maskPhoneForOwner('+14155552671')).toBe('+1***2671');
    expect(maskPhoneForOwner('+2347000000012')).toBe('+234***0012');
  });

  it('never show more than first letters and last digits, whatever comes in', () => {
    fc.assert(
      fc.property(fc.emailAddress(), (email) => {
        const [local = ''] = email.split('@');
        fc.pre(local.length > 1);
        expect(maskEmailForStaff(email)).not.toContain(local);
        expect(maskEmailForOwner(email)).not.toContain(`${local}@`);
      }),
    );
    expect(maskEmailForStaff('')).toBe('•••@•••');
    expect(maskPhoneForStaff('')).toBe('+ ••• ••• ');
  });
});
