import { z } from 'zod';
import { businessHours } from './shapes.ts';

/** What customers see of the catalog, without signing in. Used for openapi.json and by the contract tests. */

const day = z.iso.date();
const amount = z.string().meta({ example: '15000.00', description: 'Two decimals, in the currency beside it' });
const url = z.url();

const productStore = z.strictObject({ slug: z.string(), storeName: z.string() });
const picture = z.strictObject({ url, alt: z.string().nullable() });

export const storefrontVendor = z
  .strictObject({
    slug: z.string(),
    storeName: z.string(),
    tagline: z.string().nullable(),
    description: z.string().nullable(),
    countryCode: z.string().nullable(),
    state: z.string().nullable(),
    city: z.string().nullable(),
    collections: z.array(z.string()),
    websiteUrl: z.string().nullable(),
    instagramUrl: z.string().nullable(),
    tiktokUrl: z.string().nullable(),
    businessHours: businessHours.nullable(),
    isFeatured: z.boolean(),
    holiday: z.strictObject({ from: day, to: day }).nullable(),
    logoUrl: url.nullable(),
    coverUrl: url.nullable(),
    productCount: z.int(),
  })
  .meta({ id: 'StorefrontVendor' });

export const storefrontCategories = z
  .strictObject({ items: z.array(z.strictObject({ code: z.string(), name: z.string(), parentCode: z.string().nullable() })) })
  .meta({ id: 'StorefrontCategories' });

const sold = {
  id: z.uuid(),
  slug: z.string(),
  title: z.string(),
  price: amount,
  oldPrice: amount.nullable(),
  currency: z.string(),
  condition: z.enum(['new', 'used', 'refurbished']),
  genderTarget: z.enum(['men', 'women', 'unisex', 'boys', 'girls', 'kids']),
  inStock: z.boolean(),
  requiresMeasurement: z.boolean(),
  isPreOrder: z.boolean(),
  preOrderDate: day.nullable(),
  isFeatured: z.boolean(),
  vendor: productStore,
  publishedAt: z.iso.datetime(),
};

const storefrontProductLine = z
  .strictObject({ ...sold, categoryCodes: z.array(z.string()), image: picture.nullable() })
  .meta({ id: 'StorefrontProductLine' });

export const storefrontProductPage = z
  .strictObject({ items: z.array(storefrontProductLine), nextCursor: z.string().nullable() })
  .meta({ id: 'StorefrontProductPage' });

export const storefrontProduct = z
  .strictObject({
    ...sold,
    description: z.string().nullable(),
    categories: z.array(z.strictObject({ code: z.string(), name: z.string() })),
    tags: z.array(z.string()),
    styleTags: z.array(z.string()),
    occasionTags: z.array(z.string()),
    metaTitle: z.string().nullable(),
    metaDescription: z.string().nullable(),
    images: z.array(picture.extend({ isCover: z.boolean() })),
  })
  .meta({ id: 'StorefrontProduct' });
