import { join } from 'node:path';
import { z } from 'zod';
import { definePage, type PageRequest } from '../../admin/index.ts';
import { AppError } from '../../foundation/errors/app-error.ts';
import { countImprovable, type ImprovableLine, improvableProducts, suggestionFigures } from '../../modules/catalog/index.ts';
import { vendorFacts } from '../../modules/identity/index.ts';
import { lackingWords, productStatuses } from './product-words.ts';
import { pictureUrl } from './revision-json.ts';

const perPage = 25;

/** The work list of the enhancers: what customers see or will see, what lacks most first; and how their suggestions fared. */
export const improvePage = definePage({
  id: 'improve-listings',
  noun: 'product',
  title: 'Listings to improve',
  icon: 'file',
  navigationGroup: 'Work',
  permission: 'product.suggest',
  component: join(import.meta.dirname, 'improve.component.tsx'),
  handler: listed,
  recordsRead: null,
});

const query = z.strictObject({
  after: z
    .string()
    .regex(/^\d{1,3}\.[0-9a-f-]{36}$/)
    .optional(),
});

async function listed({ deps, staff, query: given }: PageRequest): Promise<Readonly<Record<string, unknown>>> {
  const asked = query.safeParse(given);
  if (!asked.success) throw new AppError('invalid_filter');
  const { prisma } = deps.database;
  const [missing = '', id = ''] = asked.data.after?.split('.') ?? [];
  const after = asked.data.after ? { missing: Number(missing), id } : null;
  const [rows, figures, total] = await Promise.all([
    improvableProducts(prisma, { staffId: staff.id, limit: perPage + 1, after }),
    suggestionFigures(deps, staff.id),
    countImprovable(prisma),
  ]);
  const shown = rows.slice(0, perPage);
  const stores = await vendorFacts(
    prisma,
    shown.map(({ vendorId }) => vendorId),
  );
  const last = shown.at(-1);
  return {
    items: shown.map((row) => lineJson(row, stores.get(row.vendorId)?.storeName ?? null)),
    next: last && rows.length > perPage ? `${last.missingQuality}.${last.id}` : null,
    figures,
    totalText: total > 10_000 ? '10,000+' : new Intl.NumberFormat('en').format(total),
  };
}

function lineJson(row: ImprovableLine, store: string | null) {
  const { id, title, status, missingQuality, media, ownStatus } = row;
  const cover = media.find(({ isCover }) => isCover) ?? media[0];
  return {
    ...{ id, title, store, ownStatus, status: productStatuses[status].label.toLowerCase() },
    quality: 100 - missingQuality,
    lacking: lackingWords({ ...row, alts: media.map(({ alt }) => alt) }),
    picture: cover ? { url: pictureUrl(cover.fileId), alt: cover.alt } : null,
  };
}
