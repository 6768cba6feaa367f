import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ownProduct } from '../../src/api/product-shapes.ts';
import { kyc, vendorProfile } from '../../src/api/shapes.ts';
import { storefrontProduct } from '../../src/api/storefront-shapes.ts';
import type { RoleGrant } from '../../src/foundation/access/roles.ts';
import type { AnyCommand } from '../../src/foundation/command/command.ts';
import { runCommand } from '../../src/foundation/command/run-command.ts';
import type { StaffActor } from '../../src/foundation/runtime/actor.ts';
import { runInContext, systemContext } from '../../src/foundation/runtime/request-context.ts';
import { fillCategories } from '../../src/modules/catalog/index.ts';
import { staffCommands } from '../../src/modules/identity/index.ts';
import { fillCountries } from '../../src/modules/reference/index.ts';
import { type CaseKind, caseCommands, checklists } from '../../src/modules/review/index.ts';
import { addStaff } from '../audit/support/staff.ts';
import { staffActor } from '../support/app.ts';
import { createInbox, type Inbox } from '../support/inbox.ts';
import { type Api, bearer, refusal, shaped, startApi } from './support/api.ts';
import { fileFrom } from './support/files.ts';
import { newVendor } from './support/privacy.ts';

let api: Api;
let inbox: Inbox;
let reviewer: StaffActor;
let lead: StaffActor;
let moderator: StaffActor;
beforeAll(async () => {
  api = await startApi({ RATE_LIMIT_SCALE: '1000' });
  await runInContext(systemContext('test', 'cli'), async () => {
    await fillCountries(api.app.deps);
    await fillCategories(api.app.deps);
  });
  await api.app.startWorker();
  inbox = createInbox(api.app.deps);
  reviewer = await colleague('reviewer');
  lead = await colleague('reviewer', true);
  moderator = await colleague('moderator');
}, 120_000);
afterAll(() => api.stop());

async function colleague(role: RoleGrant['role'], isLead = false): Promise<StaffActor> {
  return staffActor({ role, isLead }, api.app.clock.now(), { id: await addStaff(api.app, role, isLead) });
}

const prisma = () => api.app.deps.database.prisma;
const as = (staff: StaffActor, command: AnyCommand, input: object, envelope: object = {}) =>
  api.app.as(staff, () => runCommand(api.app.deps, command, { input, ...envelope }));
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'ok',
    (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : 'thrown'),
  );
/** The worker opens cases and sends messages in its own time. */
const eventually = <T>(check: () => Promise<T>) => vi.waitFor(check, { timeout: 20_000, interval: 50 });

/** Waits for the case of a subject, takes it by "take next" and hands back what a decision needs. */
async function take(kind: CaseKind, subjectId: string): Promise<string> {
  const open = await eventually(() => prisma().reviewCase.findFirstOrThrow({ where: { kind, subjectId, status: 'queued' } }));
  const { output } = await as(reviewer, caseCommands.takeNext, {});
  expect(output).toMatchObject({ caseId: open.id, kind });
  return open.id;
}

const versionOf = async (id: string) => (await prisma().reviewCase.findUniqueOrThrow({ where: { id } })).version;
const passes = (kind: CaseKind) => checklists[kind].map(({ item, mayBeNa }) => ({ item, answer: mayBeNa ? 'na' : 'pass' }));

async function approve(id: string, kind: CaseKind): Promise<void> {
  await as(reviewer, caseCommands.approveCase, { id, checklist: passes(kind) }, { expectedVersion: await versionOf(id) });
}

async function second(id: string): Promise<void> {
  const expectedVersion = await versionOf(id);
  const same = { ...lead, id: reviewer.id };
  expect(await codeOf(as(same, caseCommands.secondApprove, { id }, { expectedVersion }))).toBe('four_eyes');
  await as(lead, caseCommands.secondApprove, { id }, { expectedVersion });
}

describe('a store from its sign-up to the storefront (S2)', () => {
  it('is seen at the end and not before, hears of each step, and is gone at the next request when it is suspended', async () => {
    const vendor = await newVendor(api);
    const token = vendor.accessToken;
    const call = (method: string, path: string, body?: unknown, etag?: string) =>
      api.call(method, `/api/v1/account/vendor${path}`, {
        ...(body === undefined ? {} : { body }),
        headers: { ...bearer(token), ...(etag === undefined ? {} : { 'If-Match': etag }) },
      });
    const heard = (template: string, atLeast = 1) => inbox.wait(vendor.email, { template, atLeast }, 20_000);
    await heard('welcome_vendor');

    const store = {
      storeName: 'Adire House of Abeokuta',
      description: 'Hand-dyed cloth, made to order in Abeokuta.',
      ...{ businessType: 'registered_business', countryCode: 'NG', state: 'Ogun', city: 'Abeokuta', address: '12 Itoku Market' },
      ...{ taxId: '12345678-0001', collections: ['indigo'] },
    };
    const before = await call('GET', '');
    const written = await call('PUT', '', store, before.headers.etag);
    const profile = shaped(vendorProfile, written);
    const documents = [];
    for (const type of ['nin_card', 'selfie', 'utility_bill', 'cac_certificate'])
      documents.push({ type, fileId: await fileFrom(api, token) });
    const proofs = await call('POST', '/kyc', { legalName: 'Adaobi Okafor', documents });
    expect(proofs.status).toBe(202);
    const { id: submissionId } = shaped(kyc, proofs);
    await heard('kyc_received');

    const terms = { purpose: 'terms', version: api.app.deps.config.termsVersion, granted: true };
    expect((await api.call('POST', '/api/v1/account/consents', { body: terms, headers: bearer(token) })).status).toBeLessThan(300);
    const handedIn = await call('POST', '/submit', {}, written.headers.etag);
    expect(handedIn.status, handedIn.text).toBe(202);
    await heard('vendor_submitted');

    // Both wait; the store is due first.
    const first = await take('vendor', profile.id);
    const notes = [{ field: 'description', note: 'Say how long an order takes.' }];
    const text = 'Nearly there, only one thing is missing.';
    await as(reviewer, caseCommands.requestChanges, { id: first, text, fieldNotes: notes }, { expectedVersion: await versionOf(first) });
    const asked = await heard('vendor_changes_requested');
    expect(asked.text).toContain(text);
    expect(asked.text).toContain('Description: Say how long an order takes.');
    expect(shaped(vendorProfile, await call('GET', '')).review).toMatchObject({ reasonText: text, notes });

    const kycCase = await take('kyc', submissionId ?? '');
    await approve(kycCase, 'kyc');
    await second(kycCase);
    await heard('kyc_approved');

    const changed = await call(
      'PUT',
      '',
      { ...store, description: `${store.description} It takes two weeks.` },
      (await call('GET', '')).headers.etag,
    );
    expect((await call('POST', '/submit', {}, changed.headers.etag)).status).toBe(202);
    await heard('vendor_submitted', 2);
    const again = await take('vendor', profile.id);
    await approve(again, 'vendor');
    expect(refusal(await api.get(`/api/v1/catalog/vendors/${profile.storeSlug}`))).toBe('404 not_found');
    await second(again);
    await heard('vendor_approved');
    expect((await api.get(`/api/v1/catalog/vendors/${profile.storeSlug}`)).status).toBe(200);

    const product = {
      ...{
        title: 'Indigo wrapper, two yards',
        description: 'Cotton, dyed by hand.',
        price: '15000.00',
        categoryCodes: ['adire'],
        stockQty: 2,
      },
      images: [{ fileId: await fileFrom(api, token), alt: 'The wrapper, folded' }],
    };
    const made = await call('POST', '/products', product);
    const draft = shaped(ownProduct, made);
    const path = `/api/v1/catalog/products/${draft.slug}`;
    expect(refusal(await api.get(path))).toBe('404 not_found');
    expect((await call('POST', `/products/${draft.id}/submit`, {}, made.headers.etag)).status).toBe(202);
    expect(refusal(await api.get(path))).toBe('404 not_found');
    await approve(await take('product', draft.id), 'product');
    const shown = shaped(storefrontProduct, await api.get(path));
    expect(shown).toMatchObject({ title: product.title, price: '15000.00', vendor: { storeName: store.storeName } });
    const image = new URL(shown.images[0]?.url ?? '').pathname;
    expect((await api.get(image)).status).toBe(200);
    await heard('product_published');

    const reason = { code: 'fraud', text: 'Several customers received empty parcels' };
    const { version } = await prisma().vendor.findUniqueOrThrow({ where: { id: profile.id } });
    await as(moderator, staffCommands.suspendVendor, { id: profile.id }, { reason, expectedVersion: version });
    for (const each of [path, image, `/api/v1/catalog/vendors/${profile.storeSlug}`]) {
      expect(refusal(await api.get(each)), each).toBe('404 not_found');
    }
    expect((await heard('vendor_suspended')).text).toContain(reason.text);
    // The code of the registration is not sent any more when it was used before the worker came to it.
    const told = (await inbox.items(vendor.email)).map(({ template }) => template).filter((template) => template !== 'otp_register');
    expect(told.toReversed()).toEqual([
      ...['welcome_vendor', 'kyc_received', 'vendor_submitted', 'vendor_changes_requested', 'kyc_approved'],
      ...['vendor_submitted', 'vendor_approved', 'product_published', 'vendor_suspended'],
    ]);
  }, 120_000);
});
