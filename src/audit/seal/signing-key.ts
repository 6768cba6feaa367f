import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Config, ConfigError } from '../../foundation/config/config.ts';
import type { PrivateJwk } from '../../foundation/config/secrets.ts';
import { keyIdOf, publicKeyOf } from '../proof/checkpoint.ts';
import { endPinnedKey, type PinnedKey, parsePinnedKeys, pinnedKeyAt, writePinnedKeys } from '../proof/pinned-keys.ts';

export type SigningKey = { keyId: string; privateKey: PrivateJwk };

type KeyConfig = Pick<Config, 'auditKeysFile' | 'mode' | 'secrets'>;

/** The pinned keys of AUDIT_KEYS_FILE; none where there is no such file. Throws where it is not readable as such. */
export function readPinnedKeys(file: string): PinnedKey[] {
  return existsSync(file) ? parsePinnedKeys(readFileSync(file, 'utf8')) : [];
}

/** The entry that pins the public half of a signing key from a moment on, for AUDIT_KEYS_FILE. */
export function pinnedKeyOf(privateKey: PrivateJwk, from: string): PinnedKey {
  const publicKey = publicKeyOf(privateKey);
  return { keyId: keyIdOf(publicKey), publicKey: publicKey.toString('base64'), from };
}

/**
 * The key that signs at this time. In production a key that is not pinned for it signs nothing: a checkpoint that nobody can check
 * would be found only by the auditor. The demo and the lab pin a new key themselves, and end the one before at that moment.
 * @param at YYYY-MM-DDTHH:MM:SS.ffffffZ
 */
export function signingKeyAt(config: KeyConfig, at: string): SigningKey {
  const privateKey = config.secrets.auditSigningKey;
  const entry = pinnedKeyOf(privateKey, at);
  const keys = readPinnedKeys(config.auditKeysFile);
  if (!pinnedKeyAt(keys, entry.keyId, at)) {
    if (config.mode === 'production') {
      throw new ConfigError(
        `AUDIT_KEYS_FILE does not pin the public key of AUDIT_SIGNING_KEY (${entry.keyId}) at ${at}: see docs/runbooks/key-rotation.md.`,
      );
    }
    const open = keys.filter((key) => key.to === undefined);
    const ended = open.reduce<PinnedKey[]>((list, { keyId }) => endPinnedKey(list, keyId, at), keys);
    pin(config.auditKeysFile, [...ended, entry]);
  }
  return { keyId: entry.keyId, privateKey };
}

/**
 * For the start of a process that seals: in production the signing key must be pinned by now.
 * @throws ConfigError
 */
export function requirePinnedKey(config: KeyConfig, now: Date): void {
  if (config.mode === 'production') signingKeyAt(config, now.toISOString().replace('Z', '000Z'));
}

/** Written aside and renamed: a crash half way must not lose the keys of what is sealed already. */
function pin(file: string, keys: readonly PinnedKey[]): void {
  mkdirSync(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, writePinnedKeys(keys), { mode: 0o644 });
  renameSync(draft, file);
}
