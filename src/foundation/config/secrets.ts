import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ConfigError } from './config-error.ts';
import { makeFolder } from './make-folder.ts';

/** A symmetric key with the name under which stored data refers to it. */
export type NamedKey = { kid: string; key: Buffer };

const privateJwk = z.object({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string(), d: z.string(), kid: z.string().optional() });
export type PrivateJwk = z.infer<typeof privateJwk>;

/** Keys of auth-api.md section 8 and audit.md section 7. The first of a list is the current one. */
export type Secrets = {
  jwtSigningKeys: readonly PrivateJwk[];
  passwordPeppers: readonly NamedKey[];
  piiKeks: readonly NamedKey[];
  blindIndexKey: Buffer;
  tokenHmacKey: Buffer;
  deviceTokenKey: Buffer;
  cookieSealKey: Buffer;
  auditSigningKey: PrivateJwk;
};

/** The environment variables that hold keys. */
export const secretNames = [
  'JWT_SIGNING_KEYS',
  'PASSWORD_PEPPERS',
  'PII_KEKS',
  'BLIND_INDEX_KEY',
  'TOKEN_HMAC_KEY',
  'DEVICE_TOKEN_KEY',
  'COOKIE_SEAL_KEY',
  'AUDIT_SIGNING_KEY',
] as const;
type SecretName = (typeof secretNames)[number];

/**
 * Takes the keys from the environment. Outside strict production a missing one is generated once and kept, mode 600,
 * in `<dataDir>/secrets.json`, so that a second start reads the same data.
 */
export function resolveSecrets(env: Record<string, string | undefined>, isStrict: boolean, dataDir: string): Secrets {
  const given = Object.fromEntries(secretNames.filter((name) => env[name]).map((name) => [name, env[name]]));
  const missing = secretNames.filter((name) => !env[name]);
  const kept = missing.length > 0 && !isStrict ? keptSecrets(dataDir) : {};
  const text = (name: SecretName) => {
    const value = given[name] ?? kept[name];
    if (!value) throw new ConfigError(`${name} is missing`);
    return value;
  };
  return {
    jwtSigningKeys: parseJson(text('JWT_SIGNING_KEYS'), z.array(privateJwk).min(1), 'JWT_SIGNING_KEYS'),
    passwordPeppers: namedKeys(text('PASSWORD_PEPPERS'), 'PASSWORD_PEPPERS'),
    piiKeks: namedKeys(text('PII_KEKS'), 'PII_KEKS'),
    blindIndexKey: keyBytes(text('BLIND_INDEX_KEY'), 'BLIND_INDEX_KEY'),
    tokenHmacKey: keyBytes(text('TOKEN_HMAC_KEY'), 'TOKEN_HMAC_KEY'),
    deviceTokenKey: keyBytes(text('DEVICE_TOKEN_KEY'), 'DEVICE_TOKEN_KEY'),
    cookieSealKey: keyBytes(text('COOKIE_SEAL_KEY'), 'COOKIE_SEAL_KEY'),
    auditSigningKey: parseJson(text('AUDIT_SIGNING_KEY'), privateJwk, 'AUDIT_SIGNING_KEY'),
  };
}

const fileSchema = z.record(z.string(), z.string());

function keptSecrets(dataDir: string): Record<string, string> {
  const path = join(dataDir, 'secrets.json');
  const kept = existsSync(path) ? fileSchema.parse(JSON.parse(readFileSync(path, 'utf8'))) : {};
  const fresh = secretNames.filter((name) => !kept[name]);
  if (fresh.length === 0) return kept;
  const all = { ...kept, ...Object.fromEntries(fresh.map((name) => [name, generate(name)])) };
  makeFolder(dataDir);
  // Written aside and renamed: a crash half way must not lose the keys of existing data.
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(all, null, 2)}\n`, { mode: 0o600 });
  chmodSync(draft, 0o600);
  renameSync(draft, path);
  return all;
}

function generate(name: SecretName): string {
  switch (name) {
    case 'JWT_SIGNING_KEYS':
      // Current and next: verifiers have both long before the second one signs (auth-api.md sections 2.8 and 3).
      return JSON.stringify([newJwk(), newJwk()]);
    case 'AUDIT_SIGNING_KEY':
      return JSON.stringify(newJwk());
    case 'PASSWORD_PEPPERS':
    case 'PII_KEKS':
      return `k1:${randomBytes(32).toString('base64')}`;
    default:
      return randomBytes(32).toString('base64');
  }
}

function newJwk(): PrivateJwk {
  const jwk = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  return privateJwk.parse({ ...jwk, kid: randomBytes(8).toString('hex') });
}

function parseJson<T>(text: string, schema: z.ZodType<T>, name: string): T {
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    throw new ConfigError(`${name} is not what it should be: Ed25519 private JWK(s) as JSON`);
  }
}

function namedKeys(text: string, name: string): NamedKey[] {
  return text.split(',').map((part) => {
    const at = part.indexOf(':');
    if (at < 1) throw new ConfigError(`${name} must be a comma list of kid:base64`);
    return { kid: part.slice(0, at).trim(), key: keyBytes(part.slice(at + 1).trim(), name) };
  });
}

function keyBytes(text: string, name: string): Buffer {
  const key = Buffer.from(text, 'base64');
  if (key.length !== 32) throw new ConfigError(`${name} must be base64 of 32 bytes`);
  if (key.every((byte) => byte === key[0])) throw new ConfigError(`${name} is too weak: all bytes are equal`);
  return key;
}
