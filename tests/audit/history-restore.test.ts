import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type HistoryChange, readHistory } from '../../src/audit/index.ts';
import { runCommand } from '../../src/foundation/command/run-command.ts';
import type { StaffActor } from '../../src/foundation/runtime/actor.ts';
import { newId } from '../../src/foundation/runtime/new-id.ts';
import { restorableTables, staffCommands, systemCommands } from '../../src/modules/identity/index.ts';
import { staffActor, startTestApp, type TestApp } from '../support/app.ts';
import { openSql, type Sql } from '../support/sql.ts';
import { ticketAbout } from '../support/tickets.ts';

let app: TestApp;
let admin: Sql;
let kemi: StaffActor;
let vendorUser: string;
let vendorId: string;
let clientUser: string;

const reason = { code: 'error_correction', text: 'Put back what was there before' };

async function register(kind: 'client' | 'vendor'): Promise<string> {
  const input = { kind, email: `${newId()}@example.com`, password: 'kites over third mainland', firstName: 'Ngozi', lastName: 'Eze' };
  const made = await app.as({ kind: 'system', name: 'seed' }, () => runCommand(app.deps, systemCommands.registerVerified, { input }));
  return made.output.userId;
}

const vendorVersion = async () => (await app.deps.database.prisma.vendor.findUniqueOrThrow({ where: { id: vendorId } })).version;

async function edit(fields: object): Promise<string> {
  const { actionId } = await app.as(kemi, async () =>
    runCommand(app.deps, staffCommands.editVendor, { input: { id: vendorId, ...fields }, reason, expectedVersion: await vendorVersion() }),
  );
  return actionId;
}

/** The command of a table, run as somebody. */
function restore(
  table: string,
  input: { id: string; eventId: string; fields: string[] },
  expectedVersion: number,
  actor: StaffActor = kemi,
) {
  const restorable = restorableTables.find((each) => each.table === table);
  if (!restorable) throw new Error(`${table} cannot be restored`);
  return app.as(actor, () => runCommand(app.deps, restorable.command, { input, reason, expectedVersion }));
}

/** The changes of a record that named a field, newest first. */
async function changesOf(table: string, recordId: string, field?: string): Promise<HistoryChange[]> {
  const { entries } = await readHistory(app.deps, { table, recordId }, { limit: 100, filter: { kind: 'change', field } });
  return entries.flatMap((entry) => [...entry.changes]);
}

beforeAll(async () => {
  app = await startTestApp();
  admin = await openSql(app.database.adminUrl);
  kemi = staffActor({ role: 'admin', isLead: false }, app.clock.now());
  vendorUser = await register('vendor');
  clientUser = await register('client');
  vendorId = (await app.deps.database.prisma.vendor.findUniqueOrThrow({ where: { userId: vendorUser } })).id;
  await edit({ storeName: 'Adire House', tagline: 'Indigo by hand', description: 'Cloth from Abeokuta' });
});
afterAll(async () => {
  await admin.close();
  await app.stop();
});

describe('correcting a store', () => {
  it('refuses reserved names, names that read like another one, and stale versions', async () => {
    const other = await register('vendor');
    const { id } = await app.deps.database.prisma.vendor.findUniqueOrThrow({ where: { userId: other } });
    const attempt = (storeName: string, expectedVersion = 1) =>
      app.as(kemi, () => runCommand(app.deps, staffCommands.editVendor, { input: { id, storeName }, reason, expectedVersion }));
    await expect(attempt('Fashionistar')).rejects.toMatchObject({ code: 'store_name_reserved' });
    await expect(attempt('F a s h i o n i s t a r')).rejects.toMatchObject({ code: 'store_name_reserved' });
    await expect(attempt('ADIRE-HÓUSE')).rejects.toMatchObject({ code: 'store_name_taken' });
    await expect(attempt('x')).rejects.toMatchObject({ code: 'invalid_value' });
    await expect(attempt('Kente & Co', 9)).rejects.toMatchObject({ code: 'version_conflict' });
    expect((await attempt('Kente & Co')).output).toEqual({ version: 2, fields: ['storeName'] });
    expect((await attempt('Kente & Co', 2)).output).toEqual({ version: 2, fields: [] });
  });
});

describe('restoring', () => {
  it('writes chosen fields as a new version through the owning command, and says what it took back', async () => {
    const [first] = (await changesOf('identity.vendor', vendorId, 'store_name')).toReversed();
    const changed = await edit({ storeName: 'Wrong House', tagline: 'Wrong' });
    const before = await vendorVersion();
    const { actionId, output } = await restore(
      'identity.vendor',
      { id: vendorId, eventId: first?.eventId ?? '', fields: ['store_name'] },
      before,
    );
    expect(output).toEqual({ version: before + 1, fields: ['storeName'] });
    const row = await app.deps.database.prisma.vendor.findUniqueOrThrow({ where: { id: vendorId } });
    expect(row).toMatchObject({ storeName: 'Adire House', storeNameFolded: 'adirehouse', tagline: 'Wrong', version: before + 1 });
    const [action] = await admin.rows<{ reverts: string; resource: string; action: string; record_ids: string[] }>(
      'SELECT reverts, resource, action, record_ids FROM audit.action WHERE id = $1',
      [actionId],
    );
    expect(action).toEqual({ reverts: changed, resource: 'vendor', action: 'restore-vendor', record_ids: [vendorId] });
    const { entries } = await readHistory(app.deps, { table: 'identity.vendor', recordId: vendorId }, { limit: 1 });
    expect(entries[0]).toMatchObject({ actionId, reverts: changed, outcome: 'ok' });
  });

  it('is refused with the values of now and those chosen when the record changed since', async () => {
    const [first] = (await changesOf('identity.vendor', vendorId, 'tagline')).toReversed();
    const seen = await vendorVersion();
    await edit({ tagline: 'Changed meanwhile' });
    const input = { id: vendorId, eventId: first?.eventId ?? '', fields: ['tagline'] };
    await expect(restore('identity.vendor', input, seen)).rejects.toMatchObject({
      code: 'version_conflict',
      details: {
        extra: {
          expectedVersion: seen,
          currentVersion: seen + 1,
          current: { tagline: 'Changed meanwhile' },
          chosen: { tagline: 'Indigo by hand' },
        },
      },
    });
    expect(await vendorVersion()).toBe(seen + 1);
  });

  it('changes nothing where it is so already, and writes no change row', async () => {
    const [last] = await changesOf('identity.vendor', vendorId, 'tagline');
    const version = await vendorVersion();
    const before = (await changesOf('identity.vendor', vendorId)).length;
    const { output } = await restore('identity.vendor', { id: vendorId, eventId: last?.eventId ?? '', fields: ['tagline'] }, version);
    expect(output).toEqual({ version, fields: [] });
    expect((await changesOf('identity.vendor', vendorId)).length).toBe(before);
  });

  it('is for admins only, with a reason, a fresh factor and a version', async () => {
    const [last] = await changesOf('identity.vendor', vendorId);
    const input = { id: vendorId, eventId: last?.eventId ?? '', fields: ['tagline'] };
    const auditor = staffActor({ role: 'auditor', isLead: false }, app.clock.now());
    await expect(restore('identity.vendor', input, 1, auditor)).rejects.toMatchObject({ code: 'forbidden' });
    const stale = { ...kemi, factorAt: new Date(app.clock.now().getTime() - 6 * 60_000) };
    await expect(restore('identity.vendor', input, 1, stale)).rejects.toMatchObject({ code: 'step_up_required' });
    const command = restorableTables.find((each) => each.table === 'identity.vendor')?.command;
    if (!command) throw new Error('no command');
    await expect(app.as(kemi, () => runCommand(app.deps, command, { input, expectedVersion: 1 }))).rejects.toMatchObject({ status: 422 });
    await expect(app.as(kemi, () => runCommand(app.deps, command, { input, reason }))).rejects.toMatchObject({ status: 422 });
  });

  it('never reaches identifiers, secrets, grants or money', async () => {
    for (const { table, fields } of restorableTables) {
      expect(table).not.toMatch(/grant|credential|totp|passkey|recovery|bank|session|external/);
      for (const field of fields)
        expect(field).not.toMatch(/bidx|^email_(?!notif)|^phone_(?!enc|masked)|member|slug|status|tier|commission|hash|key|kind|auth|tax/);
    }
    const [first] = await changesOf('identity.user', clientUser);
    const attempt = (fields: string[]) => restore('identity.user', { id: clientUser, eventId: first?.eventId ?? '', fields }, 1);
    for (const field of ['email_enc', 'email_bidx', 'phone_enc', 'member_id', 'status', 'password_disabled', 'nothing'])
      await expect(attempt([field])).rejects.toMatchObject({ code: 'invalid_value' });
  });

  it('refuses a version of another record, and one of staff', async () => {
    const [other] = await changesOf('identity.vendor', vendorId);
    const input = { id: clientUser, eventId: other?.eventId ?? '', fields: ['first_name'] };
    await expect(restore('identity.user', input, 1)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('puts back an encrypted address under the same key without anybody seeing it, and tells the person which fields', async () => {
    const user = () => app.deps.database.prisma.user.findUniqueOrThrow({ where: { id: clientUser } });
    const input = { id: clientUser, firstName: 'Ngozika', city: 'Enugu' };
    await app.as(kemi, async () =>
      runCommand(app.deps, staffCommands.editUser, { input, reason, expectedVersion: (await user()).version }),
    );
    const [first] = (await changesOf('identity.user', clientUser)).toReversed();
    const { output } = await restore(
      'identity.user',
      { id: clientUser, eventId: first?.eventId ?? '', fields: ['first_name', 'city', 'address_enc'] },
      (await user()).version,
    );
    expect(output).toMatchObject({ fields: ['firstName', 'city'] });
    expect(await user()).toMatchObject({ firstName: 'Ngozi', city: null, displayName: 'Ngozi Eze' });
    const [event] = await admin.rows<{ payload: { fields: string[] } }>(
      `SELECT payload FROM platform.outbox_event WHERE name = 'identity.user.profile_changed' ORDER BY id DESC LIMIT 1`,
    );
    expect(event?.payload.fields).toEqual(['firstName', 'city']);
  });

  it('restores what the storefront keeps of a shopper, and a shop its settings', async () => {
    const { prisma } = app.deps.database;
    const client = await prisma.client.findUniqueOrThrow({ where: { userId: clientUser } });
    const settings = await prisma.vendorSettings.findUniqueOrThrow({ where: { vendorId } });
    await admin.inContext((sql) =>
      sql.rows(`UPDATE identity.client SET preferred_size = 'L', style_preferences = '["bold"]', version = version + 1 WHERE id = $1`, [
        client.id,
      ]),
    );
    await admin.inContext((sql) =>
      sql.rows(`UPDATE identity.vendor_settings SET return_days = 30, version = version + 1 WHERE id = $1`, [settings.id]),
    );
    const firstOf = async (table: string, id: string) => (await changesOf(table, id)).at(-1)?.eventId ?? '';
    const fields = ['preferred_size', 'style_preferences', 'sms_notifications'];
    await restore('identity.client', { id: client.id, eventId: await firstOf('identity.client', client.id), fields }, 2);
    expect(await prisma.client.findUniqueOrThrow({ where: { id: client.id } })).toMatchObject({
      preferredSize: null,
      stylePreferences: [],
      version: 3,
    });
    const eventId = await firstOf('identity.vendor_settings', settings.id);
    await restore('identity.vendor_settings', { id: settings.id, eventId, fields: ['return_days'] }, 2);
    expect(await prisma.vendorSettings.findUniqueOrThrow({ where: { id: settings.id } })).toMatchObject({ returnDays: 7, version: 3 });
  });

  it('brings a deleted address back under its id, byte for byte, once', async () => {
    const { prisma } = app.deps.database;
    const { id: clientId } = await prisma.client.findUniqueOrThrow({ where: { userId: clientUser } });
    const [made] = await admin.inContext((sql) =>
      sql.rows<{ id: string }>(
        `INSERT INTO identity.client_address (client_id, label, full_name_enc, street_enc, city, country_code, is_default)
         VALUES ($1, 'Home', '\\x0102', '\\x0304', 'Lagos', 'NG', true) RETURNING id`,
        [clientId],
      ),
    );
    const id = made?.id ?? '';
    await admin.inContext((sql) => sql.rows('DELETE FROM identity.client_address WHERE id = $1', [id]));
    const [deletion] = await changesOf('identity.client_address', id);
    const input = { id, eventId: deletion?.eventId ?? '', fields: ['label', 'city', 'country_code', 'full_name_enc', 'street_enc'] };
    const { output } = await restore('identity.client_address', input, 0);
    expect(output).toMatchObject({ version: 1 });
    const back = await prisma.clientAddress.findUniqueOrThrow({ where: { id } });
    expect(back).toMatchObject({ clientId, label: 'Home', city: 'Lagos', isDefault: false, ownerUserId: clientUser });
    expect(Buffer.from(back.fullNameEnc).toString('hex')).toBe('0102');
    await expect(restore('identity.client_address', input, 0)).rejects.toMatchObject({ code: 'version_conflict' });
    // A live address has its fields restored like any other record.
    await admin.inContext((sql) => sql.rows(`UPDATE identity.client_address SET label = 'Office', version = 2 WHERE id = $1`, [id]));
    await restore('identity.client_address', { ...input, fields: ['label'] }, 2);
    expect((await prisma.clientAddress.findUniqueOrThrow({ where: { id } })).label).toBe('Home');
  });

  it('brings back nothing of somebody whose key is destroyed, nor values that were erased', async () => {
    const gone = await register('client');
    const { id: clientId } = await app.deps.database.prisma.client.findUniqueOrThrow({ where: { userId: gone } });
    const [made] = await admin.inContext((sql) =>
      sql.rows<{ id: string }>(
        `INSERT INTO identity.client_address (client_id, label, full_name_enc, street_enc, city, country_code)
         VALUES ($1, 'Home', '\\x01', '\\x02', 'Lagos', 'NG') RETURNING id`,
        [clientId],
      ),
    );
    const id = made?.id ?? '';
    await admin.inContext((sql) => sql.rows('DELETE FROM identity.client_address WHERE id = $1', [id]));
    const [deletion] = await changesOf('identity.client_address', id);
    const input = { id, eventId: deletion?.eventId ?? '', fields: ['label'] };
    await admin.rows('UPDATE identity.user_key SET wrapped_key = NULL, destroyed_at = now() WHERE user_id = $1', [gone]);
    await expect(restore('identity.client_address', input, 0)).rejects.toMatchObject({ code: 'version_not_kept' });
    await admin.rows(`BEGIN; SET LOCAL ROLE audit_owner; SET LOCAL audit.erasing = 'on';
      DELETE FROM audit.value WHERE subject_id = '${gone}'; DELETE FROM audit.snapshot WHERE subject_id = '${gone}'; COMMIT`);
    await expect(restore('identity.client_address', input, 0)).rejects.toMatchObject({ code: 'version_not_kept' });
  });

  it('a row that nobody may bring back stays deleted', async () => {
    const [any] = await changesOf('identity.vendor', vendorId);
    await expect(restore('identity.vendor', { id: newId(), eventId: any?.eventId ?? '', fields: ['tagline'] }, 0)).rejects.toMatchObject({
      code: 'not_found',
    });
  });
});

describe('revealing an encrypted value of an earlier version', () => {
  it('takes the command of the live one: permission, reason, ticket, quota and a record of it', async () => {
    const [first] = (await changesOf('identity.user', clientUser, 'email_enc')).toReversed();
    const version = { eventId: first?.eventId ?? '', side: 'after' as const };
    const input = { id: clientUser, field: 'email' as const, version };
    const ticketId = await ticketAbout(app, clientUser);
    const reveal = (actor: StaffActor, given: object = input) =>
      app.as(actor, () =>
        runCommand(app.deps, staffCommands.revealContact, {
          input: given,
          reason: { code: 'legal', text: 'Asked for by the police' },
          ticketId,
        }),
      );
    const { output, actionId } = await reveal(kemi);
    expect(output).toMatchObject({ field: 'email', value: expect.stringContaining('@example.com'), shownSeconds: 60 });
    expect((await reveal(kemi, { ...input, version: { ...version, side: 'state' } })).output.value).toBe(output.value);
    const [row] = await admin.rows<{ body: string }>('SELECT v.body FROM audit.value v WHERE v.row_id = $1', [actionId]);
    expect(row?.body).toContain(`field email of version ${version.eventId}`);
    expect(row?.body).not.toContain(output.value);
    const auditor = staffActor({ role: 'auditor', isLead: false }, app.clock.now());
    await expect(reveal(auditor)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(reveal(kemi, { ...input, version: { ...version, side: 'before' } })).rejects.toMatchObject({ code: 'not_found' });
    await expect(reveal(kemi, { ...input, field: 'phone' })).rejects.toMatchObject({ code: 'not_found' });
    await expect(reveal(kemi, { ...input, version: { ...version, eventId: newId() } })).rejects.toMatchObject({ code: 'not_found' });
    expect(createHash('sha256').update(output.value).digest('hex')).toHaveLength(64);
  });
});
