import { z } from 'zod';

const id = z.uuid();
const instant = z.string().meta({ format: 'date-time' });
const money = z.union([z.string(), z.number()]).meta({ example: '15000.00', description: 'More than 0, at most two decimals' });
const text = z.string();
const none = text.nullish();
const list = z.array(text);

/** Travels as it is typed; what a price, a text or a list must look like is said by the command. */
const image = z.strictObject({ fileId: id, alt: none, isCover: z.boolean().optional() });

const fields = {
  title: text,
  description: none,
  categoryCodes: list.optional(),
  tags: list.optional(),
  price: money,
  oldPrice: money.nullish(),
  currency: text.optional(),
  stockQty: z.number().optional(),
  condition: z.enum(['new', 'used', 'refurbished']).optional(),
  genderTarget: z.enum(['men', 'women', 'unisex', 'boys', 'girls', 'kids']).optional(),
  requiresMeasurement: z.boolean().optional(),
  isPreOrder: z.boolean().optional(),
  preOrderDate: text.nullish().meta({ format: 'date' }),
  metaTitle: none,
  metaDescription: none,
  styleTags: list.optional(),
  occasionTags: list.optional(),
  images: z.array(image).optional(),
};

export const productInput = z.strictObject(fields).meta({ id: 'ProductInput' });
export const productPatch = z.strictObject(fields).partial().meta({ id: 'ProductPatch' });

export const productStatus = z.enum([
  'draft',
  'pending',
  'in_review',
  'published',
  'changes_requested',
  'rejected',
  'archived',
  'suspended',
]);

const reviewNote = z.strictObject({ field: text, note: text });

export const ownProduct = z
  .strictObject({
    id,
    slug: text,
    status: productStatus,
    title: text,
    description: text.nullable(),
    categoryCodes: list,
    tags: list,
    price: text,
    oldPrice: text.nullable(),
    currency: text,
    stockQty: z.number().int(),
    condition: z.enum(['new', 'used', 'refurbished']),
    genderTarget: z.enum(['men', 'women', 'unisex', 'boys', 'girls', 'kids']),
    requiresMeasurement: z.boolean(),
    isPreOrder: z.boolean(),
    preOrderDate: text.nullable(),
    metaTitle: text.nullable(),
    metaDescription: text.nullable(),
    styleTags: list,
    occasionTags: list,
    images: z.array(z.strictObject({ fileId: id, alt: text.nullable(), isCover: z.boolean() })),
    review: z.strictObject({ reasonCode: text.nullable(), reasonText: text.nullable(), notes: z.array(reviewNote) }).nullable(),
    pendingRevisionId: id.nullable().meta({ description: 'The own change of the live product that waits for a decision' }),
    suggestions: z.number().int().meta({ description: 'Suggestions that wait for the owner' }),
    liveRevision: z.number().int(),
    submittedAt: instant.nullable(),
    publishedAt: instant.nullable(),
    createdAt: instant,
    updatedAt: instant,
    version: z.number().int(),
  })
  .meta({ id: 'Product' });

export const ownProductPage = z.strictObject({ items: z.array(ownProduct), nextCursor: text.nullable() }).meta({ id: 'ProductPage' });

/** A material edit of a live product: what waits, while the live one stays as it is. */
export const editWaiting = z.strictObject({ message: text, revisionId: id, product: ownProduct }).meta({ id: 'ProductEditWaiting' });

export const ownRevision = z
  .strictObject({
    id,
    kind: z.enum(['vendor_edit', 'suggestion']),
    status: z.enum(['draft', 'proposed', 'accepted', 'partly_accepted', 'rejected', 'withdrawn', 'superseded']),
    changes: z.array(z.strictObject({ field: text, old: z.unknown(), new: z.unknown() })),
    acceptedFields: list,
    note: text.nullable(),
    createdAt: instant,
    decidedAt: instant.nullable(),
    version: z.number().int(),
  })
  .meta({ id: 'ProductRevision' });

export const ownRevisionPage = z
  .strictObject({ items: z.array(ownRevision), nextCursor: text.nullable() })
  .meta({ id: 'ProductRevisionPage' });
