import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../src/foundation/runtime/new-id.ts';
import { type FilePurpose, storePrivateFile } from '../../src/modules/identity/index.ts';
import { fetchFile, plainPdf } from './kyc/kyc-office.ts';
import type { AdminClient } from './support/admin-client.ts';
import { actionsOf, type BackOffice, type Person } from './support/back-office.ts';
import { startWholeOffice } from './support/whole-office.ts';

let office: BackOffice;
let ownerUserId: string;
let person: Person;
let client: AdminClient;
beforeAll(async () => {
  office = await startWholeOffice();
  ownerUserId = await office.addCustomer('Bisi', 'Adeyemi');
  person = await office.addStaff('reviewer', { hasTotp: true });
  client = await office.signedIn(person);
});
afterAll(() => office.stop());

/** A picture with a place and a camera in its metadata. */
const photo = () =>
  sharp({ create: { width: 900, height: 600, channels: 3, background: '#2a6f97' } })
    .withExif({ IFD0: { Model: 'Phone of the owner' } })
    .jpeg()
    .toBuffer();

async function stored(purpose: FilePurpose, bytes?: Buffer): Promise<string> {
  const file = { ownerUserId, bytes: bytes ?? (await photo()), purpose, allow: ['image/jpeg', 'application/pdf'] as const };
  const kept = await office.app.as({ kind: 'system', name: 'test' }, () => storePrivateFile(office.app.deps, file));
  return kept.fileId;
}

const seen = (fileId: string, size = 'whole') => fetchFile(client, `/admin/pictures/${fileId}/${size}`);

describe('a picture of the shop', () => {
  it('is shown whole and small, without what the camera wrote into it', async () => {
    const fileId = await stored('product');
    const whole = await seen(fileId);
    expect([whole.status, whole.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
    expect(whole.headers.get('content-length')).toBe(String(whole.bytes.length));
    expect(await sharp(whole.bytes).metadata()).toMatchObject({ width: 900, height: 600 });
    expect(whole.bytes.includes('Phone of the owner')).toBe(false);
    const small = await seen(fileId, 'small');
    expect([small.status, small.headers.get('content-type')]).toEqual([200, 'image/webp']);
    expect(await sharp(small.bytes).metadata()).toMatchObject({ width: 320, height: 213 });
    expect(small.bytes.length).toBeLessThan(whole.bytes.length);
  });

  it('may be looked at again and is kept by this browser alone, for minutes; it runs and frames nothing', async () => {
    const fileId = await stored('logo');
    const { headers } = await seen(fileId);
    expect(headers.get('cache-control')).toBe('private, max-age=300');
    expect(headers.get('content-security-policy')).toBe("default-src 'none'; sandbox; frame-ancestors 'none'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
    expect((await seen(fileId)).status).toBe(200);
  });

  it.each(['product', 'logo', 'cover'] as const)(
    'is one that was handed in as %s, and nobody is on it: looking leaves no row',
    async (purpose) => {
      const before = (await actionsOf(office, person.userId)).length;
      expect((await seen(await stored(purpose))).status).toBe(200);
      expect(await actionsOf(office, person.userId)).toHaveLength(before);
    },
  );
});

describe('nothing else comes this way', () => {
  it.each(['kyc', 'avatar', 'ticket', 'upload', 'export'] as const)('%s is as missing as what never was', async (purpose) => {
    const told = async (fileId: string) => {
      const { status, headers, text } = await client.get(`/admin/pictures/${fileId}/whole`);
      const page = text.replaceAll(headers.get('x-request-id') ?? '-', '').replaceAll(/nonce="[^"]*"/g, '');
      return { status, type: headers.get('content-type'), page };
    };
    const refused = await told(await stored(purpose));
    expect([refused.status, refused.type]).toEqual([404, 'text/html; charset=utf-8']);
    expect(refused).toEqual(await told(newId()));
  });

  it('nor does a PDF, whatever it was handed in as', async () => {
    expect((await seen(await stored('product', plainPdf))).status).toBe(404);
  });

  it('nor what was deleted; bytes that the store does not give are no empty picture', async () => {
    const [deleted, lost] = [await stored('product'), await stored('product')];
    const change = (id: string, data: { deletedAt: Date } | { storageKey: string }) =>
      office.app.as({ kind: 'system', name: 'test' }, async () => {
        await office.app.deps.database.prisma.privateFile.updateMany({ where: { id }, data });
      });
    await change(deleted, { deletedAt: office.app.clock.now() });
    await change(lost, { storageKey: `lost/${lost}` });
    expect((await seen(deleted)).status).toBe(404);
    expect((await seen(lost, 'small')).status).toBe(503);
  });

  it('nor anything of a person whose key is destroyed', async () => {
    const fileId = await stored('product');
    await office.app.as({ kind: 'system', name: 'test' }, async () => {
      const destroyed = { wrappedKey: null, destroyedAt: office.app.clock.now() };
      await office.app.deps.database.prisma.userKey.updateMany({ where: { userId: ownerUserId }, data: destroyed });
    });
    ownerUserId = await office.addCustomer('Chidi', 'Eze');
    expect((await seen(fileId)).status).toBe(404);
  });

  it('another size, another form of the id, a longer path and another method are refused', async () => {
    const fileId = await stored('product');
    expect((await seen(fileId, 'huge')).status).toBe(404);
    expect((await seen(fileId.toUpperCase())).status).toBe(404);
    expect((await seen(`..%2f${fileId}`)).status).toBe(404);
    expect((await seen(fileId, 'whole/more')).status).toBe(404);
    expect((await client.postJson(`/admin/pictures/${fileId}/whole`, {})).status).toBe(405);
  });

  it('nobody sees one without a session', async () => {
    const fileId = await stored('product');
    expect((await fetchFile(office.newClient(), `/admin/pictures/${fileId}/whole`)).status).toBe(303);
  });
});
