import type { Browser, Locator, Page } from 'playwright-core';
import sharp from 'sharp';
import type { App } from '../../src/app.ts';
import type { RoleGrant } from '../../src/foundation/access/roles.ts';
import { runCommand } from '../../src/foundation/command/run-command.ts';
import { fillCategories } from '../../src/modules/catalog/index.ts';
import { storePrivateFile, systemCommands } from '../../src/modules/identity/index.ts';
import { fillCountries } from '../../src/modules/reference/index.ts';
import { type Lab, startLab } from '../support/lab.ts';
import { signIn, watch } from '../support/walk.ts';

const password = 'correct horse battery staple 9';
const vendorPassword = 'a long enough pass phrase 7';
export const store = { email: 'adire@example.com', name: 'Adire House', slug: 'adire-house' };

export type Colleague = { email: string; password: string; totpSecret: string };
export type Desk = {
  lab: Lab;
  people: Readonly<Record<'reviewer' | 'other' | 'lead' | 'enhancer' | 'admin', Colleague>>;
  vendorId: string;
  productIds: readonly string[];
  termsVersion: string;
  /** The vendor's hands: the API with their token. */
  vendor: (
    method: string,
    path: string,
    ask?: { body?: unknown; ifMatch?: string },
  ) => Promise<{ status: number; etag: string; json: unknown }>;
};

type Wanted = {
  /** Of the store; `approved` sells at once, `draft` is handed in by the test. */
  storeStatus: 'draft' | 'approved';
  /** Drafts that lack nothing, or products that are live. */
  products: readonly ('draft' | 'published')[];
};

/** The lab with a review desk: two reviewers, a lead, an enhancer, an administrator, and a vendor with a store and products. */
export async function startDesk(wanted: Wanted): Promise<Desk> {
  const made: { people?: Desk['people']; vendorId?: string; productIds?: readonly string[]; termsVersion?: string } = {};
  const lab = await startLab(
    async (app) => {
      await fillCountries(app.deps);
      await fillCategories(app.deps);
      made.people = {
        reviewer: await addStaff(app, 'ada', { role: 'reviewer', isLead: false }),
        other: await addStaff(app, 'bola', { role: 'reviewer', isLead: false }),
        lead: await addStaff(app, 'chike', { role: 'reviewer', isLead: true }),
        enhancer: await addStaff(app, 'efe', { role: 'enhancer', isLead: false }),
        admin: await addStaff(app, 'tunde', { role: 'admin', isLead: false }),
      };
      const { vendorId, userId } = await addStore(app, wanted.storeStatus);
      made.vendorId = vendorId;
      const ids: string[] = [];
      for (const [at, status] of wanted.products.entries()) ids.push(await addProduct(app, { vendorId, userId, at, status }));
      made.productIds = ids;
      made.termsVersion = app.deps.config.termsVersion;
    },
    { RATE_LIMIT_SCALE: '1000' },
  );
  const { people, vendorId, productIds, termsVersion } = made;
  if (!people || !vendorId || !productIds || !termsVersion) throw new Error('The desk was not arranged');
  return { lab, people, vendorId, productIds, termsVersion, vendor: await vendorHands(lab) };
}

async function addStaff({ deps }: App, name: string, grant: RoleGrant): Promise<Colleague> {
  const email = `${name}@staff.example.com`;
  const input = { email, password, firstName: name.charAt(0).toUpperCase() + name.slice(1), lastName: 'Obi', grants: [grant] };
  const { output } = await runCommand(deps, systemCommands.createStaffAccount, { input });
  const enrolled = await runCommand(deps, systemCommands.enrolTotpFor, { input: { userId: output.userId } });
  return { email, password, totpSecret: enrolled.output.secret };
}

async function addStore({ deps }: App, status: Wanted['storeStatus']): Promise<{ vendorId: string; userId: string }> {
  const input = {
    kind: 'vendor' as const,
    email: store.email,
    password: vendorPassword,
    firstName: 'Chioma',
    lastName: 'Eze',
    countryCode: 'NG',
  };
  const { output } = await runCommand(deps, systemCommands.registerVerified, { input });
  const { prisma } = deps.database;
  const now = deps.clock.now();
  const { id: vendorId } = await prisma.vendor.update({
    where: { userId: output.userId },
    data: {
      ...{ storeName: store.name, storeNameFolded: store.name.toLowerCase(), storeSlug: store.slug, businessType: 'designer' },
      ...{ description: 'Hand-dyed cloth from Abeokuta, made to order.', collections: ['indigo'], riskScore: status === 'draft' ? 75 : 0 },
      ...{ countryCode: 'NG', state: 'Ogun', city: 'Abeokuta', address: '12 Itoku Market' },
      ...(status === 'approved' ? { status, submittedAt: now, verifiedAt: now } : {}),
    },
  });
  await prisma.vendorSetup.upsert({
    where: { vendorId },
    create: { vendorId, ownerUserId: output.userId, kycSentAt: now, kycDoneAt: now, profileDoneAt: now },
    update: { kycSentAt: now, kycDoneAt: now, profileDoneAt: now },
  });
  return { vendorId, userId: output.userId };
}

const titles = ['Indigo wrapper of two yards', 'Aso-oke cap in burgundy', 'Ankara maxi dress'];

async function addProduct(
  { deps }: App,
  { vendorId, userId, at, status }: { vendorId: string; userId: string; at: number; status: 'draft' | 'published' },
): Promise<string> {
  const bytes = await sharp({ create: { width: 240, height: 180, channels: 3, background: '#1d3557' } })
    .jpeg()
    .toBuffer();
  const { fileId } = await storePrivateFile(deps, { ownerUserId: userId, bytes, purpose: 'product', allow: ['image/jpeg'] });
  const title = titles[at] ?? `Product ${at}`;
  const now = deps.clock.now();
  const { id } = await deps.database.prisma.product.create({
    data: {
      ...{ vendorId, ownerUserId: userId, title, slug: title.toLowerCase().replaceAll(' ', '-'), categoryCodes: ['adire'] },
      ...{ description: 'Cotton, dyed by hand in small vats. It keeps its colour and comes with a scarf.', price: '15000.00', stockQty: 3 },
      ...(status === 'published' ? { status, publishedAt: now, liveRevision: 1 } : {}),
      media: { create: { ownerUserId: userId, fileId, alt: 'The cloth, folded', position: 0, isCover: true } },
    },
  });
  return id;
}

async function vendorHands({ origin }: Lab): Promise<Desk['vendor']> {
  const headers = { 'content-type': 'application/json' };
  const signedIn = await fetch(`${origin}/api/v1/auth/login`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ email: store.email, password: vendorPassword }),
  });
  const session: unknown = await signedIn.json();
  const token = typeof session === 'object' && session !== null ? String(Reflect.get(session, 'accessToken')) : '';
  return async (method, path, { body, ifMatch } = {}) => {
    const answer = await fetch(`${origin}/api/v1${path}`, {
      method,
      headers: { ...headers, authorization: `Bearer ${token}`, ...(ifMatch ? { 'if-match': ifMatch } : {}) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: answer.status, etag: answer.headers.get('etag') ?? '', json: await answer.json().catch(() => null) };
  };
}

/** A window in which that colleague stands before the review queue. */
export async function openQueue(browser: Browser, desk: Desk, who: keyof Desk['people'], problems: string[]): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, colorScheme: 'light' });
  const page = await context.newPage();
  page.setDefaultTimeout(45_000);
  watch(page, desk.lab.origin, problems);
  await signIn(page, desk.lab.origin, desk.people[who]);
  await page.goto(`${desk.lab.origin}/admin/pages/review`);
  await page.getByRole('heading', { name: 'Review queue' }).waitFor();
  return page;
}

/** Presses t until something is there: the worker opens cases in its own time. */
export async function takeNext(page: Page): Promise<void> {
  // The key means something once the list has said that this person may take cases.
  await page.locator('.fs-review-take button').waitFor();
  for (let tried = 0; tried < 60; tried += 1) {
    await page.keyboard.press('t');
    // Either a case or the sentence that none waits; a second press before that could take a second one.
    await page.locator('#fs-review-case, .fs-review-take p').first().waitFor();
    if (await page.locator('#fs-review-case').isVisible()) return;
    await page.waitForTimeout(1_000);
  }
  throw new Error('Nothing was handed out');
}

/** Answers every item with nothing but keys: Tab to the group, Space for "Pass", the arrow for "Fail". `fail` names items by a part of their words. */
export async function answerAll(page: Page, fail: readonly string[] = []): Promise<void> {
  for (const item of await page.locator('.fs-review-item').all()) {
    const words = (await item.textContent()) ?? '';
    await tabInto(page, item);
    await page.keyboard.press('Space');
    if (fail.some((part) => words.includes(part))) await page.keyboard.press('ArrowRight');
  }
  await page.locator('.fs-review-saving', { hasText: /^(Saved|Kept in this tab until you send your answer)$/ }).waitFor();
}

/** The way round the whole page. */
const mostTabs = 200;

async function tabInto(page: Page, item: Locator): Promise<void> {
  for (let pressed = 0; pressed < mostTabs; pressed += 1) {
    await page.keyboard.press('Tab');
    if (await item.locator('input[type="radio"]:focus').count()) return;
  }
  throw new Error('Tab does not lead to the item');
}

/** The vendor hands a draft in. */
export async function handInProduct({ vendor }: Desk, id: string): Promise<void> {
  const { etag } = await vendor('GET', `/account/vendor/products/${id}`);
  const { status, json } = await vendor('POST', `/account/vendor/products/${id}/submit`, { body: {}, ifMatch: etag });
  if (status !== 202) throw new Error(`The product was not taken in: ${JSON.stringify(json)}`);
}
