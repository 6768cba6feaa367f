import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { operatorConfig } from '../../scripts/operator-config.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'operator-config-'));
  vi.stubEnv('DATA_DIR', folder);
  vi.stubEnv('DATABASE_URL', '');
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

describe('a command beside the service', () => {
  it('goes to the database that is named', () => {
    vi.stubEnv('DATABASE_URL', 'postgresql://owner@127.0.0.1:5432/shop');
    expect(operatorConfig().databaseUrl).toBe('postgresql://owner@127.0.0.1:5432/shop');
  });

  it('otherwise to the one that npm start brought along', () => {
    writeFileSync(join(folder, 'database.json'), JSON.stringify({ adminUrl: 'postgresql://root@127.0.0.1:4444/fashionistar' }));
    expect(operatorConfig().databaseUrl).toBe('postgresql://root@127.0.0.1:4444/fashionistar');
  });

  it('without either says what to do, and a wrong setting by its name', () => {
    expect(() => operatorConfig()).toThrow(/set DATABASE_URL, or start the embedded one/);
    vi.stubEnv('DATABASE_URL', 'postgresql://owner@127.0.0.1:5432/shop');
    vi.stubEnv('BCRYPT_COST', 'many');
    expect(() => operatorConfig()).toThrow(/BCRYPT_COST/);
  });
});
