import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifySettings } from '../../scripts/audit-settings.ts';
import { loadConfig } from '../../src/foundation/config/config.ts';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'fashionistar-settings-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

describe('the name of the log that a tool verifies', () => {
  it('is the one under which the demo of the folder was first started, whatever the port is called now', () => {
    loadConfig({ DATA_DIR: dataDir, PORT: '3900' });
    expect(verifySettings({ DATA_DIR: dataDir }).origin).toBe('localhost:3900/audit');
    expect(verifySettings({ DATA_DIR: dataDir, PORT: '4100' }).origin).toBe('localhost:3900/audit');
    expect(loadConfig({ DATA_DIR: dataDir, PORT: '4100' }).auditOrigin).toBe('localhost:3900/audit');
  });

  it('is made of the public address where no demo was started, and what is said outright wins', () => {
    expect(verifySettings({ DATA_DIR: dataDir, PUBLIC_URL: 'https://id.example' }).origin).toBe('id.example/audit');
    expect(verifySettings({ DATA_DIR: dataDir, AUDIT_ORIGIN: 'example.com/audit' }).origin).toBe('example.com/audit');
  });
});
