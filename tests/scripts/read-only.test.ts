import { afterAll, beforeAll, expect, it } from 'vitest';
import { runNode } from '../../scripts/run-program.ts';
import { currentSettings, forgetSettings } from '../../src/foundation/settings/live-settings.ts';
import { startTestApp } from '../support/app.ts';
import { openSql } from '../support/sql.ts';

let app: Awaited<ReturnType<typeof startTestApp>>;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app?.stop());

const call = (...args: string[]) =>
  runNode(['scripts/read-only.ts', ...args], {
    env: {
      PATH: process.env['PATH'],
      NODE_ENV: 'test',
      LOG_LEVEL: 'silent',
      DATA_DIR: app.deps.config.dataDir,
      DATABASE_URL: app.database.adminUrl,
    },
  });

async function state() {
  forgetSettings(app.deps);
  return (await currentSettings(app.deps)).readOnly;
}

it('switches on with a reason, tells how it stands, switches off, and leaves audit rows as the operator', {
  timeout: 180_000,
}, async () => {
  const on = await call('on', '--reason', 'The database moves');
  expect(on.output).toContain('Read-only mode is on since ');
  expect(await state()).toMatchObject({ reason: 'The database moves' });
  expect((await call('status')).output).toContain('The database moves');
  expect((await call('off')).output).toContain('Read-only mode is off.');
  expect(await state()).toBeNull();
  const sql = await openSql(app.database.adminUrl);
  try {
    const rows = await sql.rows(
      `SELECT actor_type, outcome::text AS outcome FROM audit.action WHERE action = 'switch-read-only' ORDER BY id`,
    );
    expect(rows).toEqual([
      { actor_type: 'system:operator', outcome: 'ok' },
      { actor_type: 'system:operator', outcome: 'ok' },
    ]);
  } finally {
    await sql.close();
  }
});

it('asks for a reason, and says how it is called', { timeout: 180_000 }, async () => {
  for (const args of [['on'], ['on', '--reason', 'x'], ['perhaps'], ['on', 'off'], ['--force']]) {
    const { code, output } = await call(...args);
    expect(code, args.join(' ')).not.toBe(0);
    expect(output).toContain('npm run read-only -- on --reason');
  }
  expect(await state()).toBeNull();
});
