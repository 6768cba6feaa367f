import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { AnyCommand } from '../../../src/foundation/command/command.ts';
import { previewCommand } from '../../../src/foundation/command/run-command.ts';
import type { StaffActor } from '../../../src/foundation/runtime/actor.ts';
import { newId } from '../../../src/foundation/runtime/new-id.ts';
import { customerCard } from '../../../src/modules/identity/customers/customer-card.queries.ts';
import { createLocalStorage } from '../../../src/modules/identity/files/local-storage.ts';
import { streamsOf, tryUnpack, unpackObjects } from '../../../src/modules/identity/files/pdf-streams.ts';
import { sellingStore, staffCommands } from '../../../src/modules/identity/index.ts';
import { storeColumns, storeFields } from '../../../src/modules/identity/store-profile.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { staffOf } from '../support/two-people.ts';
import { arrange, refusalCode, registerPerson, run } from './people.ts';
import { because, fresh, step, storeIn, vendorRow } from './vendors.ts';

let app: TestApp;
let admin: StaffActor;
beforeAll(async () => {
  app = await startTestApp({ RATE_LIMIT_SCALE: '1000' });
  admin = await staffOf(app, 'super_admin');
});
afterAll(() => app.stop());

const { setCommission, setTier, setFeatured, setPayoutHold, clearPayoutHold, verifyUserIdentifier } = staffCommands;
const act = (command: AnyCommand, input: object, expectedVersion?: number) => {
  const envelope = { ...because(), ...(expectedVersion === undefined ? {} : { expectedVersion }) };
  return run(app, command, input, { actor: fresh(app, admin), envelope });
};
const words = (command: AnyCommand, input: object) =>
  app.as(fresh(app, admin), () => previewCommand(app.deps, command, { input, ...because() }));

describe('the terms of a store', () => {
  it('are said before they change, in percent and in words', async () => {
    const { id } = await storeIn(app, 'approved', { commissionBps: 1000, subscriptionTier: 'free' });
    expect((await words(setCommission, { id, commissionBps: 1250 }))[0]).toBe('Commission 10.00 % becomes 12.50 %, for sales from now on.');
    expect((await words(setTier, { id, tier: 'elite' }))[0]).toBe('The tier free becomes elite.');
    expect(await words(setFeatured, { id, isFeatured: true })).toEqual(['The store is put forward in the shop.']);
    expect(await words(setFeatured, { id, isFeatured: false })).toEqual(['The store is not put forward any more.']);
  });

  it('of a closed store stay as they are', async () => {
    const { id } = await storeIn(app, 'closed');
    const { version } = await vendorRow(app, id);
    expect(await refusalCode(act(setCommission, { id, commissionBps: 500 }, version))).toBe('transition_not_allowed');
    expect(await refusalCode(act(setTier, { id, tier: 'pro' }, version))).toBe('transition_not_allowed');
    expect(await refusalCode(act(setFeatured, { id, isFeatured: true }))).toBe('transition_not_allowed');
    expect((await vendorRow(app, id)).version).toBe(version);
  });

  it('said twice are written once', async () => {
    const { id } = await storeIn(app, 'approved');
    const { version } = await vendorRow(app, id);
    await act(setFeatured, { id, isFeatured: true });
    await act(setFeatured, { id, isFeatured: true });
    expect(await vendorRow(app, id)).toMatchObject({ isFeatured: true, version: version + 1 });
  });
});

describe('a hold on payouts', () => {
  it('says until when it lasts, and that there is none', async () => {
    const { id } = await storeIn(app, 'approved');
    expect((await words(clearPayoutHold, { id }))[0]).toBe('Nothing is held.');
    const until = new Date(app.clock.now().getTime() + 3 * 86_400_000).toISOString().slice(0, 10);
    expect((await words(setPayoutHold, { id, days: 3 }))[0]).toContain(until);
    await act(setPayoutHold, { id, days: 3 });
    expect((await words(clearPayoutHold, { id }))[0]).toBe(`Ends the hold until ${until} now.`);
  });
});

describe('a suspension that says less', () => {
  it.each([
    ['words', { text: 'Empty parcels', code: 'fraud' }, 'Empty parcels'],
    ['a code only', { code: 'fraud' }, 'fraud'],
    ['nothing', {}, null],
  ])('keeps %s as its reason', async (_what, said, kept) => {
    const { id } = await storeIn(app, 'approved');
    await step(app, { vendorId: id, step: 'suspend', by: null, ...said });
    expect((await vendorRow(app, id)).suspendedReason).toBe(kept);
  });
});

describe('the page of a store', () => {
  it('leaves out hours that no form wrote, and shows a holiday with both its ends only', async () => {
    const { id } = await storeIn(app, 'approved', { storeSlug: `edge-${process.pid}`, businessHours: { someday: 'noon' } });
    const shown = async () => (await sellingStore(app.deps.database.prisma, `edge-${process.pid}`))?.store;
    expect(await shown()).toMatchObject({ businessHours: null, holiday: null });
    const holiday = (from: Date | null, to: Date | null) =>
      arrange(app, (prisma) => prisma.vendorSettings.updateMany({ where: { vendorId: id }, data: { holidayFrom: from, holidayTo: to } }));
    await holiday(new Date('2027-12-20'), new Date('2028-01-03'));
    expect((await shown())?.holiday).toEqual({ from: '2027-12-20', to: '2028-01-03' });
    await arrange(app, (prisma) => prisma.vendorSettings.deleteMany({ where: { vendorId: id } }));
    expect((await shown())?.holiday).toBeNull();
  });
});

describe('what staff correct of a store', () => {
  const form = z.object(storeFields).partial();

  it('takes an empty text for none, and a link for what one can follow', async () => {
    const typed = form.parse({ tagline: '  ', description: null, websiteUrl: '', instagramUrl: 'https://instagram.com/adire' });
    expect(typed).toEqual({ tagline: null, description: null, websiteUrl: null, instagramUrl: 'https://instagram.com/adire' });
    for (const link of ['http://adire.example', 'javascript:alert(1)', 'https://nodot', 'adire.example']) {
      expect(form.safeParse({ websiteUrl: link }).success, link).toBe(false);
    }
  });

  it('lets the folded name follow the name, also into nothing', async () => {
    const vendor = await vendorRow(app, (await storeIn(app, 'draft')).id);
    expect(storeColumns(vendor, { storeName: 'Àdìrẹ House' }).data.storeNameFolded).toBe('adirehouse');
    expect(storeColumns(vendor, { storeName: null }).data).toEqual({ storeName: null, storeNameFolded: null });
    expect(storeColumns(vendor, { storeName: vendor.storeName }).fields).toEqual([]);
  });
});

describe('a contact marked as verified by hand', () => {
  it('is named before; the card beside a ticket names it too, and nobody for a stranger', async () => {
    const { actor } = await registerPerson(app);
    const contact = (data: object) => arrange(app, (prisma) => prisma.user.updateMany({ where: { id: actor.id }, data }));
    const { emailMasked } = await app.deps.database.prisma.user.findUniqueOrThrow({ where: { id: actor.id } });
    expect((await words(verifyUserIdentifier, { id: actor.id }))[0]).toBe(`Marks ${emailMasked} as verified by hand.`);
    await contact({ status: 'suspended' });
    expect(await customerCard(app.deps, actor.id)).toMatchObject({ status: 'suspended', contactMasked: emailMasked });
    expect(await customerCard(app.deps, newId())).toBeNull();
  });
});

describe('files on a disk', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fashionistar-storage-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const key = () => randomBytes(32).toString('hex');

  it('that are not there are null, and removing them twice is no fault', async () => {
    const storage = createLocalStorage(folder);
    const name = key();
    expect(await storage.read(name)).toBeNull();
    await storage.write(name, Buffer.from('cloth'));
    expect((await storage.read(name))?.toString()).toBe('cloth');
    await storage.remove(name);
    await storage.remove(name);
    expect(await storage.read(name)).toBeNull();
  });

  it('that cannot be written or read are said to be unavailable, and nothing is left behind', async () => {
    const taken = join(folder, 'taken');
    writeFileSync(taken, 'a file where the folder should be');
    const storage = createLocalStorage(taken);
    expect(await refusalCode(storage.write(key(), Buffer.from('cloth')))).toBe('unavailable');
    expect(await refusalCode(storage.read(key()))).toBe('unavailable');
    expect(readdirSync(folder)).toContain('taken');
  });

  it('that are half written by another hand keep this one out, and are cleared away', async () => {
    const storage = createLocalStorage(folder);
    const name = key();
    await storage.write(name, Buffer.from('first'));
    const place = join(folder, name.slice(0, 2), name.slice(2, 4));
    writeFileSync(join(place, `${name}.part`), 'half');
    expect(await refusalCode(storage.write(name, Buffer.from('second')))).toBe('unavailable');
    expect((await storage.read(name))?.toString()).toBe('first');
    expect(readdirSync(place).filter((each) => each.endsWith('.part'))).toEqual([]);
  });
});

describe('streams of a PDF', () => {
  const objects = '1 0 <</S /JavaScript>>';
  const pdf = (dictionary: string, body: Buffer) =>
    Buffer.concat([Buffer.from(`1 0 obj ${dictionary}\nstream\n`, 'latin1'), body, Buffer.from('\nendstream', 'latin1')]);
  const only = (bytes: Buffer) => {
    const [stream] = streamsOf(bytes.toString('latin1'), 5) ?? [];
    if (!stream) throw new Error('No stream was found');
    return stream;
  };
  const unpacked = (bytes: Buffer) => unpackObjects(bytes, only(bytes), 10_000);

  it('are unfolded by the usual filter, written either way, and by none that is named', () => {
    expect(unpacked(pdf('<</Type /ObjStm /Filter /FlateDecode>>', deflateSync(objects)))).toBe(objects);
    expect(unpacked(pdf('<</Type /ObjStm /Filter [ /FlateDecode ]>>', deflateSync(objects)))).toBe(objects);
    expect(unpacked(pdf('<</Type /ObjStm>>', deflateSync(objects)))).toBe(objects);
  });

  it('that nobody can look into are said to be so', () => {
    expect(unpacked(pdf('<</Type /ObjStm /Filter /LZWDecode>>', Buffer.from(objects)))).toBeNull();
    expect(unpacked(pdf('<</Type /ObjStm /Filter /FlateDecode>>', Buffer.from('no zlib at all')))).toBeNull();
  });

  it('in clear have nothing to unfold; broken ones count as the most work there is', () => {
    const clear = pdf('<</Length 5>>', Buffer.from('plain'));
    expect(tryUnpack(clear, only(clear))).toEqual({ text: '', length: 0 });
    const broken = pdf('<</Length 5>>', Buffer.concat([deflateSync(objects).subarray(0, 2), Buffer.from([0xff, 0xff, 0xff])]));
    expect(tryUnpack(broken, only(broken))).toEqual({ text: '', length: 2 * 1024 * 1024 });
  });
});
