import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../../src/foundation/command/run-command.ts';
import { staffCommands, systemCommands } from '../../src/modules/identity/index.ts';
import { dashboard, pages, resources } from '../../src/resources/index.ts';
import type { AdminClient } from '../admin/support/admin-client.ts';
import { actionsOf, type BackOffice, type Person, password, startBackOffice } from '../admin/support/back-office.ts';
import { staffActor } from '../support/app.ts';
import { openSql } from '../support/sql.ts';

let office: BackOffice;
let vendorId: string;
let ownerId: string;
let admin: Person;
const clients = new Map<string, AdminClient>();

const reason = { code: 'error_correction', text: 'Put back what was there before' };

/** Signed in once for each role. */
async function as(role: 'admin' | 'auditor' | 'support' | 'enhancer' | 'assistant'): Promise<AdminClient> {
  const known = clients.get(role);
  if (known) return known;
  const person = await office.addStaff(role, { hasTotp: true });
  if (role === 'admin') admin = person;
  const client = await office.signedIn(person);
  clients.set(role, client);
  return client;
}

const get = async (role: Parameters<typeof as>[0], query: string) => (await as(role)).get(`/admin/api/pages/history?${query}`);
const record = () => `record=${encodeURIComponent(`identity.vendor:${vendorId}`)}`;

async function edit(fields: object): Promise<void> {
  const { deps } = office.app;
  const actor = staffActor({ role: 'admin', isLead: false }, office.app.clock.now());
  const { version } = await deps.database.prisma.vendor.findUniqueOrThrow({ where: { id: vendorId } });
  const input = { id: vendorId, ...fields };
  await office.app.as(actor, () => runCommand(deps, staffCommands.editVendor, { input, reason, expectedVersion: version }));
}

beforeAll(async () => {
  office = await startBackOffice({ pages, resources, dashboard });
  const { deps } = office.app;
  const input = { kind: 'vendor' as const, email: 'ngozi@example.com', password, firstName: 'Ngozi', lastName: 'Eze' };
  const made = await office.app.as({ kind: 'system', name: 'seed' }, () => runCommand(deps, systemCommands.registerVerified, { input }));
  ownerId = made.output.userId;
  vendorId = (await deps.database.prisma.vendor.findUniqueOrThrow({ where: { userId: ownerId } })).id;
  await edit({ storeName: 'Adire House', description: 'Cloth from Abeokuta', collections: ['Indigo', 'Linen'] });
  await edit({ storeName: 'House of Adire' });
}, 120_000);
afterAll(() => office.stop());

describe('the history page', () => {
  it('answers in words: labels, names, formatted values', async () => {
    const { json, status } = await get('auditor', `${record()}&kind=change`);
    expect(status).toBe(200);
    expect(json).toMatchObject({
      view: 'timeline',
      reveal: null,
      can: { seeVersions: true, downloadProof: true },
      entries: [
        {
          what: 'corrected this store',
          reason: 'Error correction: Put back what was there before',
          changes: [
            {
              field: 'store_name',
              label: 'Store name',
              before: { kind: 'text', text: 'Adire House' },
              after: { kind: 'text', text: 'House of Adire' },
            },
          ],
        },
        {
          changes: expect.arrayContaining([
            expect.objectContaining({ label: 'Collections', after: { kind: 'text', text: 'Indigo, Linen' } }),
          ]),
        },
        { what: 'set up this account' },
      ],
    });
  });

  it('calls a job the system, and a login that went past the application by its name', async () => {
    const { prisma } = office.app.deps.database;
    const rename = (firstName: string) => prisma.user.update({ where: { id: ownerId }, data: { firstName } });
    await office.app.as({ kind: 'system', name: 'identity.tidy-names' }, () => rename('Ngo'));
    const sql = await openSql(office.app.database.adminUrl);
    await sql.rows(`UPDATE identity."user" SET bio = 'By hand' WHERE id = $1`, [ownerId]);
    const [login] = await sql.rows<{ name: string }>('SELECT session_user::text AS name');
    await sql.close();
    const { json } = await get('auditor', `record=${encodeURIComponent(`identity.user:${ownerId}`)}&kind=change`);
    const [byHand, byJob] = json.entries as { actor: string; role: string | null }[];
    expect(byHand).toMatchObject({ actor: `Database login ${login?.name}`, role: 'db' });
    expect(byJob).toMatchObject({ actor: 'System', role: 'identity tidy names' });
  });

  it('gives one field over time, a state and a comparison', async () => {
    const steps = await get('auditor', `view=field&${record()}&field=store_name`);
    expect(steps.json).toMatchObject({
      view: 'field',
      label: 'Store name',
      steps: [{ after: { text: 'House of Adire' } }, { after: { text: 'Adire House' } }],
    });
    const then = await get('auditor', `view=as-of&${record()}&at=2999-01-01T00:00:00Z`);
    expect(then.json).toMatchObject({ view: 'as-of', recordLabel: 'Store', state: { condition: 'present' }, restore: null });
    const state: unknown = then.json.state;
    expect(JSON.stringify(state)).toContain('"label":"Commission","value":{"kind":"text","text":"10.00 %"}');
    const { entries } = (await get('auditor', `${record()}&kind=change`)).json;
    const ids = JSON.stringify(entries).match(/(?<="eventId":")[0-9a-f-]{36}/g) ?? [];
    const [right, left] = [...new Set(ids)];
    const compared = await get('auditor', `view=compare&${record()}&left=${left}&right=${right}`);
    expect(compared.json).toMatchObject({ view: 'compare', comparison: { left: { version: { eventId: left } } } });
    const now = await get('auditor', `view=compare&${record()}&left=${left}&right=now`);
    expect(now.status).toBe(200);
  });

  it('names the records of a person that have versions', async () => {
    const { json } = await get('support', `view=records&subject=${ownerId}`);
    expect(json.records).toEqual(
      expect.arrayContaining([
        { record: `identity.user:${ownerId}`, label: 'Account' },
        { record: `identity.vendor:${vendorId}`, label: 'Store' },
      ]),
    );
  });

  it.each([
    ['an unknown view', 'view=everything'],
    ['a filter of another view', 'view=as-of&kind=all'],
    ['no record', 'view=timeline'],
    ['a broken record', 'record=nothing'],
    ['a broken moment', 'view=as-of&at=yesterday'],
    ['a broken version', 'view=compare&left=x&right=now'],
    ['a broken kind', 'kind=some'],
    ['a broken row', 'view=proof&row=1'],
    ['a broken field', 'view=field&field=A;B'],
  ])('refuses %s', async (_what, query) => {
    const asked = query.includes('record=') || query.startsWith('view=timeline') || query.includes('row=') ? query : `${query}&${record()}`;
    expect((await get('auditor', asked)).status).toBe(400);
  });

  it('knows no version of another record', async () => {
    const { json } = await get('auditor', `record=${encodeURIComponent(`identity.user:${ownerId}`)}&kind=change`);
    const [id] = JSON.stringify(json).match(/(?<="eventId":")[0-9a-f-]{36}/g) ?? [];
    expect((await get('auditor', `view=as-of&${record()}&version=${id}`)).status).toBe(404);
    expect((await get('auditor', `view=compare&${record()}&left=${id}&right=now`)).status).toBe(404);
  });
});

describe('who may see what, asked over HTTP', () => {
  it('versions and proofs are refused to roles without them, and each refusal is recorded', async () => {
    expect((await get('enhancer', record())).status).toBe(404);
    expect((await get('assistant', record())).status).toBe(404);
    expect((await get('support', `view=as-of&${record()}&at=2999-01-01T00:00:00Z`)).status).toBe(200);
    expect((await get('support', `view=proof&row=${randomUUID()}`)).status).toBe(403);
    expect((await get('support', `record=${encodeURIComponent('identity.credential:x')}`)).status).toBe(404);
    const sql = await office.app.deps.database.pool.query(
      `SELECT action, error_code FROM audit.action WHERE outcome = 'denied' AND action = 'download_proof'`,
    );
    expect(sql.rows).toEqual([{ action: 'download_proof', error_code: 'forbidden' }]);
  });

  it('a row that is not sealed yet says so, and gives no proof', async () => {
    const row = randomUUID();
    const { json } = await get('auditor', `view=proof&row=${row}`);
    expect(json).toMatchObject({ state: 'waiting', canDownload: false, file: null });
    expect((await get('auditor', `view=proof&row=${row}&file=1`)).status).toBe(409);
  });

  it('every look leaves a read row', async () => {
    await get('admin', record());
    const reads = (await actionsOf(office, admin.userId)).filter((row) => row.outcome === 'read' && row.resource === 'audit');
    expect(reads.at(-1)).toMatchObject({ record_ids: [vendorId] });
  });
});

describe('restoring over HTTP', () => {
  const post = async (role: 'admin' | 'auditor' | 'support', body: object) =>
    (await as(role)).postJson('/admin/api/pages/history', { idempotencyKey: randomUUID(), ...body });

  async function offered(): Promise<{ action: { name: string }; eventId: string; expectedVersion: number; fields: string[] }> {
    const { json } = await get('admin', `${record()}&kind=change`);
    const ids = [...new Set(JSON.stringify(json).match(/(?<="eventId":")[0-9a-f-]{36}/g) ?? [])];
    const state = await get('admin', `view=as-of&${record()}&version=${ids[1]}`);
    return Object.assign({ action: { name: '' }, eventId: '', expectedVersion: 0, fields: [] }, state.json.restore);
  }

  it('is offered to admins with the live version, previewed, done, and refused when stale with both values', async () => {
    const restore = await offered();
    expect(restore).toMatchObject({
      action: { name: 'restoreVendor', needs: { reason: true, stepUpMinutes: 5, version: true } },
      expectedVersion: 3,
    });
    expect(restore.fields).toContain('store_name');
    const input = { id: vendorId, eventId: restore.eventId, fields: ['store_name'] };
    const preview = await post('admin', { action: 'restoreVendor', input, dryRun: true });
    expect(preview.json).toMatchObject({ effects: ['Writes version 4.', 'The versions between are kept.'] });
    const done = await post('admin', { action: 'restoreVendor', input, reason, expectedVersion: 3 });
    expect(done.json).toMatchObject({ message: 'Restored 1 field of store as a new version.', receipt: { actionId: expect.any(String) } });
    const stale = await post('admin', {
      action: 'restoreVendor',
      input: { ...input, fields: ['description'] },
      reason,
      expectedVersion: 3,
    });
    expect(stale.status).toBe(409);
    expect(stale.json).toMatchObject({
      code: 'version_conflict',
      currentVersion: 4,
      current: { description: 'Cloth from Abeokuta' },
      chosen: { description: 'Cloth from Abeokuta' },
    });
    const again = await post('admin', { action: 'restoreVendor', input, reason, expectedVersion: 4 });
    expect(again.json).toMatchObject({ message: 'Nothing was changed: store holds these values already.' });
  });

  it('is refused to an auditor and to support, each as one denied row and no change', async () => {
    const restore = await offered();
    const input = { id: vendorId, eventId: restore.eventId, fields: ['store_name'] };
    for (const role of ['auditor', 'support'] as const) {
      const refused = await post(role, { action: 'restoreVendor', input, reason, expectedVersion: restore.expectedVersion });
      expect(refused.status).toBe(403);
    }
    const { rows } = await office.app.deps.database.pool.query(
      `SELECT outcome, record_ids FROM audit.action WHERE action = 'restore-vendor' AND outcome = 'denied'`,
    );
    expect(rows).toEqual([
      { outcome: 'denied', record_ids: [vendorId] },
      { outcome: 'denied', record_ids: [vendorId] },
    ]);
  });
});

describe('the state of the audit', () => {
  it('says in words what is wrong, and takes a verification from auditors only', async () => {
    const { json } = await (await as('auditor')).get('/admin/api/pages/audit-state');
    expect(json).toMatchObject({ seal: { rows: 0, epoch: 1 }, verified: null, openHolds: 0, run: null, verifyNow: { name: 'verifyNow' } });
    const body = { action: 'verifyNow', input: {}, idempotencyKey: randomUUID() };
    expect((await (await as('support')).postJson('/admin/api/pages/audit-state', body)).status).toBe(403);
    expect((await (await as('auditor')).postJson('/admin/api/pages/audit-state', body)).json).toMatchObject({
      message: expect.stringContaining('Verification asked for'),
    });
    const after = await (await as('auditor')).get('/admin/api/pages/audit-state');
    expect(after.json).toMatchObject({ run: { status: expect.stringMatching(/^(?:waiting|stalled)$/), percent: 0, faults: [] } });
  });
});
