import { z } from 'zod';
import type { Tx } from '../../../foundation/runtime/database.ts';
import { categoriesByCode } from '../categories/category.queries.ts';
import { storeFacts } from '../owner-facts.ts';
import { isPriceOutlier } from '../product-rules.ts';
import { type Content, contentOf } from '../products/product-content.ts';
import type { ProductRecord } from '../products/product-record.ts';
import { bannedWords, wordsIn } from './banned-words.ts';

export type Duplicate = {
  id: string;
  title: string;
  slug: string;
  status: ProductRecord['status'];
  price: string;
  vendorId: string;
  isSameStore: boolean;
  /** 0 to 100. */
  titleScore: number;
  textScore: number;
  /** What it comes to: both together, or a copied text under another title. */
  score: number;
};

/** From here on two listings are pointed out as near duplicates. */
export const duplicateFrom = 60;
const shown = 10;

type Near = { id: string; title_score: number; text_score: number };
type Reader = Pick<Tx, '$queryRaw' | 'product'>;
type Looked = Pick<ProductRecord, 'id' | 'title' | 'description' | 'vendorId'>;

/** The listings that resemble one most, best first; at most ten, by three index scans of thirty rows each. */
export async function duplicatesOf(db: Reader, { id, title, description, vendorId }: Looked): Promise<Duplicate[]> {
  const near = await db.$queryRaw<
    Near[]
  >`SELECT id, title_score, text_score FROM catalog.near_products(${id}::uuid, ${title}, ${description})`;
  const scores = new Map(near.map((row) => [row.id, row]));
  const rows = await db.product.findMany({
    where: { id: { in: [...scores.keys()] } },
    select: { id: true, title: true, slug: true, status: true, price: true, vendorId: true, description: true },
  });
  return rows
    .map(({ description: text, ...row }) => {
      const titleScore = percent(scores.get(row.id)?.title_score);
      const textScore = percent(scores.get(row.id)?.text_score);
      const score = isTelling(description) && isTelling(text) ? Math.max(Math.round((titleScore + textScore) / 2), textScore) : titleScore;
      return { ...row, price: row.price.toFixed(2), isSameStore: row.vendorId === vendorId, titleScore, textScore, score };
    })
    .filter(({ score }) => score >= duplicateFrom)
    .sort((one, other) => other.score - one.score || other.titleScore - one.titleScore || (one.id < other.id ? -1 : 1))
    .slice(0, shown);
}

/** Of a text of a few words, that it occurs elsewhere too says nothing. */
function isTelling(text: string | null): boolean {
  return (text ?? '').length >= 60;
}

const percent = (share: number | undefined): number => Math.round((share ?? 0) * 100);

export type PriceSignal = {
  categories: { code: string; name: string; median: string | null; isActive: boolean; isOutlier: boolean | null }[];
  /** Outside 0.1 to 10 times the median of every category that has one; null where none has. */
  isOutlier: boolean | null;
};

/** The price beside the medians of its categories (product.md 6.2). */
export async function priceSignalOf(
  db: Pick<Tx, 'category'>,
  { price, categoryCodes }: Pick<Content, 'price' | 'categoryCodes'>,
): Promise<PriceSignal> {
  const known = await categoriesByCode(db, categoryCodes);
  const categories = categoryCodes.map((code) => {
    const found = known.get(code);
    const median = found?.medianPrice ?? null;
    const isOutlier = isPriceOutlier(Number(price), median === null ? null : Number(median));
    return { code, name: found?.name ?? code, median, isActive: found?.isActive ?? false, isOutlier };
  });
  const verdicts = categories.flatMap(({ isOutlier }) => (isOutlier === null ? [] : [isOutlier]));
  return { categories, isOutlier: verdicts.length === 0 ? null : verdicts.every(Boolean) };
}

/** What was noticed, as it is stored: `{rule, weight, evidence}`. */
export const signalRules = ['duplicate', 'price_outlier', 'banned_word', 'watched_word', 'store_risk'] as const;
export type Signal = { rule: (typeof signalRules)[number]; weight: number; evidence: string };

const stored = z.array(z.object({ rule: z.enum(signalRules), weight: z.number(), evidence: z.string() })).catch([]);

export function readSignals(signals: unknown): Signal[] {
  return stored.parse(signals);
}

/** Everything that makes a product worth a second look, and what it comes to: 0 to 100. */
export async function signalsOf(db: Tx, product: ProductRecord): Promise<{ signals: Signal[]; riskScore: number }> {
  const content = contentOf(product);
  const [best] = await duplicatesOf(db, product);
  const price = await priceSignalOf(db, content);
  const found = wordsIn(wordsOf(content), await bannedWords(db));
  const store = await storeFacts(db, product.vendorId);
  const signals: Signal[] = [];
  if (best)
    signals.push({
      rule: 'duplicate',
      weight: best.score >= 80 && !best.isSameStore ? 40 : 20,
      evidence: `${best.score} % like "${best.title}"`,
    });
  if (price.isOutlier)
    signals.push({ rule: 'price_outlier', weight: 30, evidence: 'Outside 0.1 to 10 times the median of its categories' });
  for (const { word, severity, why } of found) {
    signals.push({
      rule: severity === 'refused' ? 'banned_word' : 'watched_word',
      weight: severity === 'refused' ? 40 : 10,
      evidence: `"${word}": ${why}`,
    });
  }
  if (store && store.riskScore >= 40)
    signals.push({ rule: 'store_risk', weight: Math.round(store.riskScore * 0.3), evidence: `Risk ${store.riskScore} of the store` });
  return {
    signals,
    riskScore: Math.min(
      100,
      signals.reduce((sum, { weight }) => sum + weight, 0),
    ),
  };
}

function wordsOf({ title, description, tags, metaTitle, metaDescription, styleTags, occasionTags, images }: Content): string {
  return [title, description, ...tags, metaTitle, metaDescription, ...styleTags, ...occasionTags, ...images.map(({ alt }) => alt)]
    .filter(Boolean)
    .join('\n');
}
