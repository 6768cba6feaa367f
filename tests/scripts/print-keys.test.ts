import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runNode } from '../../scripts/run-program.ts';
import { keyIdOf, publicKeyOf } from '../../src/audit/proof/checkpoint.ts';
import { parsePinnedKeys } from '../../src/audit/proof/pinned-keys.ts';
import { secretNames } from '../../src/foundation/config/secrets.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fashionistar-print-keys-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const keys = (...args: string[]) => runNode(['scripts/print-keys.ts', ...args]);
const pinned = (file: string) => parsePinnedKeys(readFileSync(file, 'utf8'));

describe('npm run keys', () => {
  it('prints every key once, and the public half of the one that signs checkpoints', async () => {
    const { code, output } = await keys();
    expect(code).toBe(0);
    for (const name of secretNames) expect(output.match(new RegExp(`^${name}='.+'$`, 'gm'))).toHaveLength(1);
    const [entry] = parsePinnedKeys(/^# (\[.*\])$/m.exec(output)?.[1] ?? '');
    const { d = '', x = '' } = JSON.parse(/^AUDIT_SIGNING_KEY='(.+)'$/m.exec(output)?.[1] ?? '{}');
    expect(entry?.keyId).toBe(keyIdOf(publicKeyOf({ kty: 'OKP', crv: 'Ed25519', d, x })));
  });

  it('rotates: a new key joins the file, the old one stays and is ended by its id', async () => {
    const file = join(folder, 'audit-keys.json');
    expect((await keys('--only', 'AUDIT_SIGNING_KEY', '--public-keys', file)).output).not.toContain('JWT_SIGNING_KEYS');
    await keys('--only', 'AUDIT_SIGNING_KEY', '--public-keys', file);
    const [first, second] = pinned(file);
    expect((await keys('--end', first?.keyId ?? '', '--public-keys', file)).code).toBe(0);
    expect(pinned(file)).toEqual([{ ...first, to: expect.any(String) }, second]);
  });

  it('says what is wrong with what it was asked', async () => {
    for (const [args, said] of [
      [['--only', 'NO_SUCH_KEY'], 'No such key: NO_SUCH_KEY.'],
      [['--end', '0011223344556677'], '--end needs --public-keys FILE.'],
    ] as const) {
      const { code, output } = await keys(...args);
      expect(code).toBe(1);
      expect(output).toContain(said);
      expect(output).not.toContain('    at ');
    }
  });
});
