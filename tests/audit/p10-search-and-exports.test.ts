import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { askExport, fetchExport, readExportFile, searchActions } from '../../src/audit/index.ts';
import { makeExport } from '../../src/audit/search/export/make-export.ts';
import { runCommand } from '../../src/foundation/command/run-command.ts';
import { staffCommands, systemCommands } from '../../src/modules/identity/index.ts';
import { commands as support } from '../../src/modules/support/index.ts';
import { staffActor, startTestApp, type TestApp } from '../support/app.ts';
import { type SearchWorker, searchWorker } from '../support/search-worker.ts';
import { openSql, type Sql } from '../support/sql.ts';
import { unzip } from '../support/unzip.ts';

const planted = {
  email: 'planted.search.8811@example.com',
  phone: '+2348030008812',
  password: 'planted yams sing at 8813',
  staffEmail: 'planted.staff.8814@example.com',
  note: 'Planted note of 8815 about a return',
  typedEmail: 'typed.by.staff.8816@example.com',
  typedPhone: '0803 000 8817',
};

let app: TestApp;
let worker: SearchWorker;
let admin: Sql;
let folder: string;
let totpSecret: string;

beforeAll(async () => {
  app = await startTestApp();
  worker = searchWorker(app);
  admin = await openSql(app.database.adminUrl);
  folder = mkdtempSync(join(tmpdir(), 'p10-'));
  const { password } = planted;
  const system = { kind: 'system', name: 'seed' } as const;
  const person = { password, firstName: 'Ngozi', lastName: 'Ezeobi' };
  const byMail = await app.as(system, () =>
    runCommand(app.deps, systemCommands.registerVerified, { input: { email: planted.email, ...person } }),
  );
  await app.as(system, () => runCommand(app.deps, systemCommands.registerVerified, { input: { phone: planted.phone, ...person } }));
  const staff = {
    email: planted.staffEmail,
    password,
    firstName: 'Kemi',
    lastName: 'Balogun',
    grants: [{ role: 'support' as const, isLead: false }],
  };
  const made = await app.as(system, () => runCommand(app.deps, systemCommands.createStaffAccount, { input: staff }));
  totpSecret = (await app.as(system, () => runCommand(app.deps, systemCommands.enrolTotpFor, { input: { userId: made.output.userId } })))
    .output.secret;
  const ada = staffActor({ role: 'admin', isLead: false }, app.clock.now());
  const id = byMail.output.userId;
  await app.as(ada, () => runCommand(app.deps, support.addNote, { input: { id, body: planted.note } }));
  const reason = { code: 'fraud', text: `Wrote from ${planted.typedEmail} and called from ${planted.typedPhone}` };
  await app.as(ada, () => runCommand(app.deps, staffCommands.suspendUser, { input: { id }, reason }));
  await worker.settle();
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await admin.close();
  await worker.stop();
  await app.stop();
});

const hexOf = (text: string) => Buffer.from(text, 'utf8').toString('hex');

test('P10: no planted secret, no contact and no ciphertext is in the search index, however it came in', async () => {
  const [all] = await admin.rows<{ text: string; n: number }>(
    `SELECT string_agg(s::text, E'\\n') AS text, count(*)::int AS n FROM audit.search AS s`,
  );
  expect(all?.n).toBeGreaterThan(10);
  for (const secret of [...Object.values(planted), totpSecret]) {
    expect([secret, all?.text.toLowerCase().includes(secret.toLowerCase())]).toEqual([secret, false]);
    expect([secret, all?.text.includes(hexOf(secret))]).toEqual([secret, false]);
  }
  const stored = await admin.rows<{ hex: string }>(
    `SELECT encode(email_enc, 'hex') AS hex FROM identity."user" WHERE email_enc IS NOT NULL UNION ALL SELECT encode(email_bidx, 'hex') FROM identity."user" WHERE email_bidx IS NOT NULL`,
  );
  expect(stored.length).toBeGreaterThan(2);
  for (const { hex } of stored) expect(all?.text.includes(hex.slice(0, 24))).toBe(false);
  // It is an index all the same: what is no secret is found.
  expect((await searchActions(app.deps, { filter: { text: 'ezeobi' } }, { limit: 10 })).rows.length).toBe(2);
});

test('P10: nor in an export, its order, its pieces or the notes about it', async () => {
  const auditor = staffActor({ role: 'auditor', isLead: false }, app.clock.now());
  const from = new Date(app.clock.now().getTime() - 60_000).toISOString();
  const to = new Date(app.clock.now().getTime() + 60_000).toISOString();
  const input = { filter: { from, to, text: 'ezeobi' }, format: 'csv' };
  const reason = { code: 'legal', text: 'Asked for by the regulator in writing' };
  const { output } = await app.as(auditor, () => runCommand(app.deps, askExport, { input, reason }));
  await app.as({ kind: 'system', name: 'audit.export' }, () => makeExport(worker.deps, output.exportId, true));
  await app.as(auditor, async () => {
    await runCommand(app.deps, fetchExport, { input: { id: output.exportId } });
    const parts: Buffer[] = [];
    for await (const part of readExportFile(app.deps, output.exportId)) parts.push(part);
    unzip(Buffer.concat(parts), folder);
  });
  const files = readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n');
  expect(files).toContain('Ezeobi');
  const { typedEmail: _, typedPhone: __, ...secrets } = planted;
  for (const secret of [...Object.values(secrets), totpSecret])
    expect([secret, files.includes(secret), files.includes(hexOf(secret))]).toEqual([secret, false, false]);
  // What was typed is kept as long as the order is open, and is in no action row at all.
  expect(await admin.rows(`SELECT filter ? 'text' AS kept FROM audit.export`)).toEqual([{ kept: false }]);
  const notes = await admin.rows<{ body: string }>(
    `SELECT v.body FROM audit.action AS a JOIN audit.value AS v ON v.row_id = a.id WHERE a.resource = 'audit_export'`,
  );
  expect(notes.length).toBe(3);
  expect(notes.map((row) => row.body).join()).not.toMatch(/ezeobi/i);
});
