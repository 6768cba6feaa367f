import type { z } from 'zod';
import type { Tx } from '../../../foundation/runtime/database.ts';
import { businessHours } from '../profiles/vendor-input.ts';

/**
 * SQL of the stores whose products are sold: approved, and the owner active (product.md 4.2). For reads of the modules above, which join
 * it to their own tables: `id, store_slug, store_name`. Derived at every read, so that a suspension holds from its commit on.
 */
export const sellableStores = `SELECT v.id, v.store_slug, v.store_name FROM identity.vendor AS v
  JOIN identity."user" AS u ON u.id = v.user_id WHERE v.status = 'approved' AND u.status = 'active'`;

const isSellable = { status: 'approved', user: { status: 'active' } } as const;

/** What customers see of a store: nothing of its owner, no contact, no street, no number. */
type PublicStore = {
  slug: string;
  storeName: string;
  tagline: string | null;
  description: string | null;
  countryCode: string | null;
  state: string | null;
  city: string | null;
  collections: string[];
  websiteUrl: string | null;
  instagramUrl: string | null;
  tiktokUrl: string | null;
  businessHours: z.infer<typeof businessHours> | null;
  isFeatured: boolean;
  /** Days on which nobody answers, both included. */
  holiday: { from: string; to: string } | null;
};

type FoundStore = { id: string; store: PublicStore; logoFileId: string | null; coverFileId: string | null };

/** A store that sells, by its address; null for any other. */
export async function sellingStore(reader: Pick<Tx, 'vendor'>, slug: string): Promise<FoundStore | null> {
  const row = await reader.vendor.findFirst({
    where: { storeSlug: slug, ...isSellable },
    include: { settings: { select: { holidayFrom: true, holidayTo: true } } },
  });
  if (!row?.storeSlug || !row.storeName) return null;
  const hours = businessHours.nullable().safeParse(row.businessHours);
  const { holidayFrom, holidayTo } = row.settings ?? { holidayFrom: null, holidayTo: null };
  return {
    id: row.id,
    logoFileId: row.logoFileId,
    coverFileId: row.coverFileId,
    store: {
      slug: row.storeSlug,
      storeName: row.storeName,
      tagline: row.tagline,
      description: row.description,
      countryCode: row.countryCode,
      state: row.state,
      city: row.city,
      collections: row.collections,
      websiteUrl: row.websiteUrl,
      instagramUrl: row.instagramUrl,
      tiktokUrl: row.tiktokUrl,
      businessHours: hours.success ? hours.data : null,
      isFeatured: row.isFeatured,
      holiday: holidayFrom && holidayTo ? { from: dayOf(holidayFrom), to: dayOf(holidayTo) } : null,
    },
  };
}

/** The store that sells and shows this file as its logo or cover; null where none does. */
export async function storeShowing(reader: Pick<Tx, 'vendor'>, fileId: string): Promise<string | null> {
  const row = await reader.vendor.findFirst({
    where: { OR: [{ logoFileId: fileId }, { coverFileId: fileId }], ...isSellable },
    select: { id: true },
  });
  return row?.id ?? null;
}

function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10);
}
