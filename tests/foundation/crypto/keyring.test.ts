import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isEqualConstantTime, sha256, sha256Hex, subkey } from '../../../src/foundation/crypto/digest.ts';
import { createKeyring } from '../../../src/foundation/crypto/keyring.ts';
import { fromBase64url, randomToken } from '../../../src/foundation/crypto/random-token.ts';
import { BrokenBoxError, openBox, sealBox } from '../../../src/foundation/crypto/sealed-box.ts';
import { newId } from '../../../src/foundation/runtime/new-id.ts';

const secrets = {
  piiKeks: [
    { kid: 'k2', key: randomBytes(32) },
    { kid: 'k1', key: randomBytes(32) },
  ],
  blindIndexKey: randomBytes(32),
  tokenHmacKey: randomBytes(32),
  deviceTokenKey: randomBytes(32),
  cookieSealKey: randomBytes(32),
};
const keyring = createKeyring(secrets);
const [currentKek, oldKek] = secrets.piiKeks;

/** Every single-bit change of the bytes. */
function flips(bytes: Uint8Array): Buffer[] {
  return Array.from({ length: bytes.length * 8 }, (_, bit) => {
    const copy = Buffer.from(bytes);
    copy.writeUInt8(copy.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
    return copy;
  });
}

describe("fields under a person's data key", () => {
  it('come back as they went in, and never twice as the same bytes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (clear, context) => {
        const { dataKey } = keyring.newDataKey();
        const box = keyring.encryptField(dataKey, context, clear);
        expect(keyring.decryptField(dataKey, context, box)).toBe(clear);
        expect(box.equals(keyring.encryptField(dataKey, context, clear))).toBe(false);
      }),
    );
  });

  it('begin with the version byte and carry nonce and tag', () => {
    const { dataKey } = keyring.newDataKey();
    const box = keyring.encryptField(dataKey, 'user.email_enc:1', 'ada@example.com');
    expect([box[0], box[1]]).toEqual([1, 0]);
    expect(box.length).toBe(2 + 12 + 16 + 'ada@example.com'.length);
    expect(box.includes('ada')).toBe(false);
  });

  it('refuse any altered bit, any cut, another record and another key', () => {
    const { dataKey } = keyring.newDataKey();
    const box = keyring.encryptField(dataKey, 'user.email_enc:1', 'ada@example.com');
    for (const altered of flips(box)) expect(() => keyring.decryptField(dataKey, 'user.email_enc:1', altered)).toThrow(BrokenBoxError);
    for (let length = 0; length < box.length; length += 1) {
      expect(() => keyring.decryptField(dataKey, 'user.email_enc:1', box.subarray(0, length))).toThrow(BrokenBoxError);
    }
    expect(() => keyring.decryptField(dataKey, 'user.email_enc:2', box)).toThrow(BrokenBoxError);
    expect(() => keyring.decryptField(keyring.newDataKey().dataKey, 'user.email_enc:1', box)).toThrow(BrokenBoxError);
  });
});

describe('data keys', () => {
  it('are wrapped by the current key-encryption key and unwrapped by the one they name', () => {
    const { dataKey, wrappedKey, kekKid } = keyring.newDataKey();
    expect(kekKid).toBe('k2');
    expect(keyring.unwrapDataKey(wrappedKey, kekKid).equals(dataKey)).toBe(true);
    const old = createKeyring({ ...secrets, piiKeks: [oldKek ?? { kid: '', key: randomBytes(32) }] }).newDataKey();
    expect(keyring.unwrapDataKey(old.wrappedKey, 'k1').equals(old.dataKey)).toBe(true);
  });

  it('refuse an unknown kid, a swapped kid and any altered bit', () => {
    const { wrappedKey } = keyring.newDataKey();
    expect(() => keyring.unwrapDataKey(wrappedKey, 'k1')).toThrow(BrokenBoxError);
    expect(() => keyring.unwrapDataKey(wrappedKey, 'k9')).toThrow(BrokenBoxError);
    for (const altered of flips(wrappedKey)) expect(() => keyring.unwrapDataKey(altered, 'k2')).toThrow(BrokenBoxError);
    expect(() => keyring.unwrapDataKey(Buffer.alloc(0), 'k2')).toThrow(BrokenBoxError);
  });

  it('move to the current key-encryption key without changing, once', () => {
    const old = createKeyring({ ...secrets, piiKeks: [oldKek ?? { kid: '', key: randomBytes(32) }] }).newDataKey();
    const moved = keyring.rewrapDataKey(old.wrappedKey, old.kekKid);
    expect(moved?.kekKid).toBe('k2');
    expect(moved && keyring.unwrapDataKey(moved.wrappedKey, moved.kekKid).equals(old.dataKey)).toBe(true);
    expect(moved && keyring.rewrapDataKey(moved.wrappedKey, moved.kekKid)).toBeNull();
  });

  it('cannot be made without a key-encryption key', () => {
    expect(() => createKeyring({ ...secrets, piiKeks: [] })).toThrow('PII_KEKS');
    expect(() => sealBox(currentKek?.key ?? randomBytes(32), '', Buffer.alloc(1), 'k'.repeat(256))).toThrow(RangeError);
  });
});

describe('sealed boxes', () => {
  it('open only under the header they were sealed with', () => {
    const key = randomBytes(32);
    const box = sealBox(key, 'here', Buffer.from('clear'), 'k1');
    expect(openBox(key, 'here', box).toString()).toBe('clear');
    const moved = Buffer.concat([Buffer.from([1, 0]), box.subarray(4)]);
    expect(() => openBox(key, 'here', moved)).toThrow(BrokenBoxError);
    expect(() => openBox(key, 'here', Buffer.from([2, 0]))).toThrow(BrokenBoxError);
  });
});

describe('blind index', () => {
  it('is the same for the same value and differs by kind, value and key', () => {
    const other = createKeyring({ ...secrets, blindIndexKey: randomBytes(32) });
    const all = [
      ...(['email', 'phone', 'tax', 'subject', 'account', 'document'] as const).map((kind) => keyring.blindIndex(kind, 'ada@example.com')),
      keyring.blindIndex('email', 'adb@example.com'),
      other.blindIndex('email', 'ada@example.com'),
    ];
    expect(new Set(all.map((index) => index.toString('hex'))).size).toBe(all.length);
    expect(all.every((index) => index.length === 32)).toBe(true);
    expect(keyring.blindIndex('email', 'ada@example.com').equals(all[0] ?? Buffer.alloc(0))).toBe(true);
  });
});

describe('a successor sealed under its parent', () => {
  it('opens with the parent only', () => {
    const [parent, stranger, successor] = [randomToken(), randomToken(), randomToken()];
    const box = keyring.sealWith(parent, successor);
    expect(keyring.openWith(parent, box)).toBe(successor);
    expect(keyring.openWith(stranger, box)).toBeNull();
    expect(flips(box).every((altered) => keyring.openWith(parent, altered) === null)).toBe(true);
  });

  it('opens in every process, whatever its keys', () => {
    const box = keyring.sealWith('parent', 'successor');
    const elsewhere = createKeyring({ ...secrets, tokenHmacKey: randomBytes(32), cookieSealKey: randomBytes(32) });
    expect(elsewhere.openWith('parent', box)).toBe('successor');
  });
});

describe('derived codes and links', () => {
  it('are the same for the same sending and differ for every other', () => {
    const flow = newId();
    expect(keyring.otpCode(flow, 1)).toBe(keyring.otpCode(flow, 1));
    expect(keyring.linkToken(flow, 1)).toBe(keyring.linkToken(flow, 1));
    const links = [keyring.linkToken(flow, 1), keyring.linkToken(flow, 2), keyring.linkToken(newId(), 1)];
    expect(new Set(links).size).toBe(3);
    expect(links.every((link) => /^[A-Za-z0-9_-]{43}$/.test(link))).toBe(true);
  });

  it('cannot be confused by moving digits between flow and number', () => {
    expect(keyring.linkToken('1', 12)).not.toBe(keyring.linkToken('2|1', 1));
    expect(keyring.linkToken('12', 1)).not.toBe(keyring.linkToken('2', 11));
  });

  it('give six digits, each as often as the others', () => {
    const counts = new Map<string, number>();
    const flow = newId();
    for (let sendNo = 0; sendNo < 20_000; sendNo += 1) {
      const code = keyring.otpCode(flow, sendNo);
      expect(code).toMatch(/^\d{6}$/);
      for (const digit of code) counts.set(digit, (counts.get(digit) ?? 0) + 1);
    }
    // 120,000 digits: 12,000 of each, six standard deviations are 624.
    for (const digit of '0123456789') expect(Math.abs((counts.get(digit) ?? 0) - 12_000)).toBeLessThan(624);
  });

  it('depend on the key', () => {
    const other = createKeyring({ ...secrets, tokenHmacKey: randomBytes(32) });
    expect(other.linkToken('f', 1)).not.toBe(keyring.linkToken('f', 1));
  });
});

describe('keyed hashes', () => {
  it('are separated by purpose, also where text moves between the two', () => {
    const all = [
      keyring.keyedHash('otp', '123456'),
      keyring.keyedHash('reset', '123456'),
      keyring.keyedHash('otp|1', '23456'),
      keyring.keyedHash('otp', '1|23456'),
    ];
    expect(new Set(all.map((hash) => hash.toString('hex'))).size).toBe(4);
  });
});

describe('device tokens', () => {
  it('name the device and the users that signed in on it, newest last', () => {
    const [device, ada, obi] = [newId(), newId(), newId()];
    const issue = (...users: string[]) => keyring.deviceToken.read(keyring.deviceToken.issue(device, users));
    expect(issue(ada, obi, ada)).toEqual({ deviceId: device, userIds: [obi, ada] });
    expect(issue()).toEqual({ deviceId: device, userIds: [] });
  });

  it('keep the newest 16 users and stay below 512 characters', () => {
    const users = Array.from({ length: 40 }, newId);
    const token = keyring.deviceToken.issue(newId(), users);
    expect(token.length).toBeLessThanOrEqual(512);
    expect(keyring.deviceToken.read(token)?.userIds).toEqual(users.slice(-16));
  });

  it('are refused when altered, cut, foreign or of another form', () => {
    const token = keyring.deviceToken.issue(newId(), [newId()]);
    const bytes = Buffer.from(token, 'base64url');
    for (const altered of flips(bytes)) expect(keyring.deviceToken.read(altered.toString('base64url'))).toBeNull();
    const foreign = createKeyring({ ...secrets, deviceTokenKey: randomBytes(32) }).deviceToken.issue(newId(), []);
    for (const bad of ['', 'x', token.slice(0, -1), `${token}=`, `${token}\n`, foreign, 'A'.repeat(513), 'A'.repeat(80)]) {
      expect(keyring.deviceToken.read(bad)).toBeNull();
    }
  });

  it('are not issued for anything but UUIDs', () => {
    expect(() => keyring.deviceToken.issue('not-an-id', [])).toThrow(TypeError);
  });
});

describe('sealed cookies', () => {
  it('open under their own name only', () => {
    const sealed = keyring.sealCookie('__Host-fsh_oauth', '{"state":1}');
    expect(sealed).toMatch(/^[A-Za-z0-9_-]+$/);
    expect(keyring.openCookie('__Host-fsh_oauth', sealed)).toBe('{"state":1}');
    expect(keyring.openCookie('__Host-other', sealed)).toBeNull();
    expect(keyring.openCookie('__Host-fsh_oauth', `${sealed}!`)).toBeNull();
    for (const altered of flips(Buffer.from(sealed, 'base64url'))) {
      expect(keyring.openCookie('__Host-fsh_oauth', altered.toString('base64url'))).toBeNull();
    }
  });
});

describe('small tools', () => {
  it('compare whole values of any length', () => {
    expect(isEqualConstantTime('same', 'same')).toBe(true);
    expect(isEqualConstantTime('same', 'samf')).toBe(false);
    expect(isEqualConstantTime('short', 'longer value')).toBe(false);
    expect(isEqualConstantTime(Buffer.from([1]), Buffer.from([1]))).toBe(true);
  });

  it('hash as FIPS 180-4 says', () => {
    expect(sha256Hex('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    expect(sha256('abc').toString('hex')).toBe(sha256Hex('abc'));
  });

  it('derive one key for each purpose', () => {
    const key = randomBytes(32);
    expect(subkey(key, 'a').equals(subkey(key, 'a'))).toBe(true);
    expect(subkey(key, 'a').equals(subkey(key, 'b'))).toBe(false);
    expect(subkey(key, 'a').equals(key)).toBe(false);
  });

  it('make tokens of the length asked for, never twice', () => {
    expect(randomToken()).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(new Set(Array.from({ length: 1000 }, () => randomToken(16))).size).toBe(1000);
  });

  it('read base64url in its one spelling only', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(fromBase64url(Buffer.from(bytes).toString('base64url'))).toEqual(Buffer.from(bytes));
      }),
    );
    for (const bad of ['AB==', 'A', 'AB', 'A+/B', 'AAA A', 'AAAA\n']) expect(fromBase64url(bad)).toBeNull();
  });
});
