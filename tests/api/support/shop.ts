import type { Prisma } from '@prisma/client';
import sharp from 'sharp';
import { newId } from '../../../src/foundation/runtime/new-id.ts';
import { storePrivateFile } from '../../../src/modules/identity/index.ts';
import { system } from '../../audit/support/staff.ts';
import type { Api } from './api.ts';
import { newVendor } from './privacy.ts';

let serial = 0;

/** A store that sells, put there without a review: what the storefront shows is under test, not how it came there. */
export async function newShop(api: Api, data: Prisma.VendorUncheckedUpdateInput = {}) {
  serial += 1;
  const vendor = await newVendor(api);
  const now = api.app.clock.now();
  const slug = `adire-house-${serial}`;
  const { id } = await vendor.arrange({
    storeName: `Adire House ${serial}`,
    storeNameFolded: `adire house ${serial}`,
    storeSlug: slug,
    description: 'Hand-dyed cloth from Abeokuta, made to order.',
    businessType: 'designer',
    countryCode: 'NG',
    state: 'Ogun',
    city: 'Abeokuta',
    address: '12 Itoku Market',
    collections: ['indigo'],
    status: 'approved',
    submittedAt: now,
    verifiedAt: now,
    ...data,
  });
  return { id, slug, userId: vendor.user.id, accessToken: vendor.accessToken, arrange: vendor.arrange };
}

export type Shop = Awaited<ReturnType<typeof newShop>>;

/** A product that is live, or in the state given. */
export async function newProduct(api: Api, shop: Pick<Shop, 'id' | 'userId'>, data: Partial<Prisma.ProductUncheckedCreateInput> = {}) {
  serial += 1;
  const row = {
    vendorId: shop.id,
    ownerUserId: shop.userId,
    title: `Indigo wrapper ${serial}`,
    slug: `indigo-wrapper-${serial}`,
    description: 'Two yards of cotton, dyed by hand.',
    categoryCodes: ['adire'],
    price: '15000.00',
    stockQty: 3,
    status: 'published' as const,
    publishedAt: new Date(api.app.clock.now().getTime() + serial),
    liveRevision: 1,
    ...data,
  };
  return asSystem(api, (prisma) => prisma.product.create({ data: row }));
}

/** A picture of a product, stored as a vendor's upload is. */
export async function addImage(api: Api, product: { id: string; ownerUserId: string }): Promise<string> {
  const bytes = await sharp({ create: { width: 40, height: 30, channels: 3, background: '#1d3557' } })
    .jpeg()
    .toBuffer();
  const fileId = await api.app.as(system, () => storeFile(api, product.ownerUserId, bytes));
  await asSystem(api, (prisma) =>
    prisma.productMedia.create({
      data: { productId: product.id, ownerUserId: product.ownerUserId, fileId, alt: 'The cloth', position: 0, isCover: true },
    }),
  );
  return fileId;
}

async function storeFile(api: Api, ownerUserId: string, bytes: Buffer): Promise<string> {
  const { fileId } = await storePrivateFile(api.app.deps, { ownerUserId, bytes, purpose: 'product', allow: ['image/jpeg'] });
  return fileId;
}

export function asSystem<T>(api: Api, work: (prisma: Api['app']['deps']['database']['prisma']) => Promise<T>): Promise<T> {
  return api.app.as(system, () => work(api.app.deps.database.prisma));
}

/** A category, and the one above it. */
export function addCategory(api: Api, code: string, parentCode: string | null = null) {
  return asSystem(api, (prisma) => prisma.category.create({ data: { id: newId(), code, name: code, parentCode } }));
}
