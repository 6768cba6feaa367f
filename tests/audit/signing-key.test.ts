import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { writePinnedKeys } from '../../src/audit/proof/pinned-keys.ts';
import { pinnedKeyOf, readPinnedKeys, requirePinnedKey, signingKeyAt } from '../../src/audit/seal/signing-key.ts';
import { type Config, ConfigError, loadConfig } from '../../src/foundation/config/config.ts';
import type { PrivateJwk } from '../../src/foundation/config/secrets.ts';

const first = '2026-03-01T10:00:00.000001Z';
const second = '2026-04-01T10:00:00.000002Z';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'fashionistar-keys-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const config = (over: Partial<Config> = {}): Config => ({ ...loadConfig({ NODE_ENV: 'test', DATA_DIR: dataDir }), ...over });

function newKey(): PrivateJwk {
  const { d = '', x = '' } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  return { kty: 'OKP', crv: 'Ed25519', d, x };
}

function withKey(from: Config, auditSigningKey: PrivateJwk): Config {
  return { ...from, secrets: { ...from.secrets, auditSigningKey } };
}

describe('outside production', () => {
  test('the generated key is pinned when it first signs, beside the kept keys, and only once', () => {
    const demo = config();
    expect(readPinnedKeys(demo.auditKeysFile)).toEqual([]);
    const { keyId } = signingKeyAt(demo, first);
    expect(demo.auditKeysFile).toBe(join(dataDir, 'audit-keys.json'));
    expect(readPinnedKeys(demo.auditKeysFile)).toEqual([pinnedKeyOf(demo.secrets.auditSigningKey, first)]);
    expect(signingKeyAt(demo, second).keyId).toBe(keyId);
    expect(readPinnedKeys(demo.auditKeysFile)).toHaveLength(1);
  });

  test('a rotated key is added; the one before stays and ends', () => {
    const demo = config();
    const { keyId } = signingKeyAt(demo, first);
    const rotated = withKey(demo, newKey());
    signingKeyAt(rotated, second);
    const keys = readPinnedKeys(demo.auditKeysFile);
    expect(keys).toMatchObject([{ keyId, from: first, to: second }, { from: second }]);
    expect(keys[1]).not.toHaveProperty('to');
  });

  test('a file that is not one is an error, never replaced', () => {
    const demo = config();
    writeFileSync(demo.auditKeysFile, '{}');
    expect(() => signingKeyAt(demo, first)).toThrow('not what it should be');
    expect(readFileSync(demo.auditKeysFile, 'utf8')).toBe('{}');
  });

  test('nothing is demanded at the start', () => {
    expect(() => requirePinnedKey(config(), new Date(first))).not.toThrow();
  });
});

describe('in production', () => {
  const production = () => config({ mode: 'production' });

  test('a key that is not pinned signs nothing, and the start says so', () => {
    expect(() => signingKeyAt(production(), first)).toThrow(ConfigError);
    expect(() => requirePinnedKey(production(), new Date(first))).toThrow(
      'AUDIT_KEYS_FILE does not pin the public key of AUDIT_SIGNING_KEY',
    );
    expect(readPinnedKeys(production().auditKeysFile)).toEqual([]);
  });

  test('a key signs within its time only', () => {
    const { auditKeysFile, secrets } = production();
    writeFileSync(auditKeysFile, writePinnedKeys([{ ...pinnedKeyOf(secrets.auditSigningKey, first), to: second }]));
    expect(signingKeyAt(production(), first).keyId).toHaveLength(16);
    expect(() => signingKeyAt(production(), second)).toThrow(ConfigError);
    expect(() => requirePinnedKey(production(), new Date('2026-03-15T00:00:00Z'))).not.toThrow();
  });
});
