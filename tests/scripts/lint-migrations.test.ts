import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lintMigrations } from '../../scripts/lint-migrations.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'migrations-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function migration(name: string, sql: string): string {
  mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, name, 'migration.sql'), sql);
  return join(folder, name, 'migration.sql');
}

describe('the migrations lint', () => {
  it('refuses an index that locks a live table', async () => {
    const file = migration('20991231000000_add_index', 'CREATE INDEX a_b_idx ON identity."user" (created_at);');
    expect(await lintMigrations([file])).toContain('require-concurrent-index-creation');
  });

  it('refuses to drop a column at any time', async () => {
    const file = migration('20261121000000_drop_column', 'ALTER TABLE identity."user" DROP COLUMN first_name;');
    expect(await lintMigrations([file])).toContain('ban-drop-column');
  });

  it('asks nothing about locks of the migrations that build an empty database', async () => {
    const file = migration('20261121000001_add_index', 'CREATE INDEX a_b_idx ON identity."user" (created_at);');
    expect(await lintMigrations([file])).toBeNull();
  });
});
