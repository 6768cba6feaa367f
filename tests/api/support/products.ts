import sharp from 'sharp';
import { expect } from 'vitest';
import type { z } from 'zod';
import { ownProduct } from '../../../src/api/product-shapes.ts';
import type { AnyCommand, Envelope } from '../../../src/foundation/command/command.ts';
import { runCommand } from '../../../src/foundation/command/run-command.ts';
import type { StaffActor } from '../../../src/foundation/runtime/actor.ts';
import { productStep, revisionStep } from '../../../src/modules/catalog/index.ts';
import { storePrivateFile } from '../../../src/modules/identity/index.ts';
import { system } from '../../audit/support/staff.ts';
import { staffActor } from '../../support/app.ts';
import { type Answer, type Api, bearer } from './api.ts';
import { asSystem, newShop, type Shop } from './shop.ts';

export const productsPath = '/api/v1/account/vendor/products';

export type OwnProduct = z.infer<typeof ownProduct>;

/** The body in the published shape, with the status expected. */
export function shapedAs<T>(schema: z.ZodType<T>, answer: Answer, status = 200): T {
  expect(answer.status, answer.text).toBe(status);
  return schema.parse(answer.json);
}

let serial = 0;

/** A picture that a vendor handed in and that serves nothing yet. */
export async function uploadPicture(api: Api, ownerUserId: string): Promise<string> {
  const bytes = await sharp({ create: { width: 40, height: 30, channels: 3, background: '#8a5200' } })
    .jpeg()
    .toBuffer();
  const given = { ownerUserId, bytes, purpose: 'upload' as const, allow: ['image/jpeg' as const] };
  const { fileId } = await api.app.as(system, () => storePrivateFile(api.app.deps, given));
  return fileId;
}

/** Its owner's hands: calls with the own token, and with the version that is named. */
export function vendorHands(api: Api, shop: Pick<Shop, 'accessToken' | 'userId'>) {
  const headers = bearer(shop.accessToken);
  const at = (version: number | null) => ({ ...headers, ...(version === null ? {} : { 'If-Match': `"${version}"` }) });
  const send = (method: string, path: string, ask: { body?: unknown; version?: number | null } = {}) =>
    api.call(method, `${productsPath}${path}`, { headers: at(ask.version ?? null), ...(ask.body === undefined ? {} : { body: ask.body }) });
  return {
    send,
    get: (path = '') => api.get(`${productsPath}${path}`, headers),
    create: (body: unknown) => send('POST', '', { body }),
    edit: (product: Pick<OwnProduct, 'id' | 'version'>, body: unknown) =>
      send('PATCH', `/${product.id}`, { body, version: product.version }),
    step: (product: Pick<OwnProduct, 'id' | 'version'>, step: string) =>
      send('POST', `/${product.id}/${step}`, { body: {}, version: product.version }),
    read: async (id: string) => shapedAs(ownProduct, await api.get(`${productsPath}/${id}`, headers)),
  };
}
export type VendorHands = ReturnType<typeof vendorHands>;

/** A draft that lacks nothing. */
export async function draftOf(api: Api, shop: Shop, more: object = {}): Promise<OwnProduct> {
  serial += 1;
  const body = {
    title: `Hand-dyed wrapper number ${serial} of ${shop.slug}`,
    description: `Two yards of cotton, dyed by hand in vat ${serial}. It is soft, it keeps its colour and it comes with a matching scarf.`,
    price: '15000.00',
    categoryCodes: ['adire'],
    images: [{ fileId: await uploadPicture(api, shop.userId), alt: 'The wrapper, folded' }],
    ...more,
  };
  return shapedAs(ownProduct, await vendorHands(api, shop).create(body), 201);
}

/** Runs a command of staff on the version of now, unless another is named. */
export function runAs(api: Api, staff: StaffActor, command: AnyCommand, envelope: Envelope) {
  return api.app.as(staff, () => runCommand(api.app.deps, command, envelope));
}

export function reviewerOf(api: Api): StaffActor {
  return staffActor({ role: 'reviewer', isLead: false }, api.app.clock.now());
}

const stepping = {
  name: 'test-step',
  resource: 'product',
  access: 'system',
  input: { safeParse: (data: unknown) => ({ success: true, data }) },
  isIdempotent: false,
} as const;

type ProductAsked = Parameters<typeof productStep>[1];
type RevisionAsked = Parameters<typeof revisionStep>[1];

/** What a review case does with a product, without a case. */
export function takeStep(api: Api, asked: ProductAsked) {
  const command = { ...stepping, run: (scope: Parameters<typeof productStep>[0]) => productStep(scope, asked) };
  return api.app.as(system, () => runCommand(api.app.deps, asCommand(command), { input: {} }));
}

export function takeRevisionStep(api: Api, asked: RevisionAsked) {
  const command = { ...stepping, run: (scope: Parameters<typeof revisionStep>[0]) => revisionStep(scope, asked) };
  return api.app.as(system, () => runCommand(api.app.deps, asCommand(command), { input: {} }));
}

/** A step is no command of its own; the runner wants one around it. */
function asCommand(command: object): AnyCommand {
  return Object.assign(Object.create(null), command);
}

/** A product that went the whole way. */
export async function liveProduct(api: Api, shop: Shop, more: object = {}): Promise<OwnProduct> {
  const hands = vendorHands(api, shop);
  const draft = await draftOf(api, shop, more);
  const { id } = shapedAs(ownProduct, await hands.step(draft, 'submit'), 202);
  const by = reviewerOf(api).id;
  await takeStep(api, { productId: id, step: 'claim', by });
  await takeStep(api, { productId: id, step: 'approve', by });
  return hands.read(id);
}

export { asSystem, newShop };
