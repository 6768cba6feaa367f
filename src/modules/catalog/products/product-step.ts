import type { Prisma, Product } from '@prisma/client';
import type { CommandScope } from '../../../foundation/command/command.ts';
import { fail } from '../../../foundation/errors/app-error.ts';
import { storeFacts } from '../owner-facts.ts';
import type { ProductStep } from '../product-states.ts';
import { productAuthors } from './product-authors.queries.ts';
import { lockProduct, moveProduct } from './product-record.ts';

/** What a review case does with a product; everything else is a command of its own. */
export type ProductReviewStep = Extract<ProductStep, 'claim' | 'release' | 'approve' | 'request_changes' | 'reject'>;

export type ProductStepInput = {
  productId: string;
  step: ProductReviewStep;
  /** The version that was looked at; another one is `subject_changed`. */
  version?: number;
  /** Who decides; null for the worker, which releases lapsed claims. */
  by: string | null;
  /** Code of a decision, such as `counterfeit`. */
  code?: string;
  /** What the owner reads. */
  text?: string;
  /** Remarks on single fields, for the owner to read. */
  notes?: readonly Readonly<{ field: string; note: string }>[];
};

/**
 * A guarded step of product.md 4.3, inside the transaction of the review command that calls it. Locks the product.
 * @returns the product as it is now
 * @throws AppError 404 `not_found`, 409 `transition_not_allowed`, `subject_changed`, `vendor_not_approved`, 403 `four_eyes` for an author
 */
export async function productStep(scope: CommandScope, asked: ProductStepInput): Promise<Product> {
  const product = (await lockProduct(scope, asked.productId)) ?? fail('not_found');
  if (asked.version !== undefined && asked.version !== product.version)
    fail('subject_changed', { extra: { expectedVersion: asked.version, currentVersion: product.version } });
  const { step, code = null, text = null, notes = [] } = asked;
  if (step === 'claim' || step === 'release') return moveProduct(scope, product, { step });
  await requireNoAuthor(scope, asked);
  const decided = {
    reviewedBy: asked.by,
    decisionCode: code,
    decisionReason: text,
    reviewNotes: notes.map(({ field, note }) => ({ field, note })),
  } satisfies Prisma.ProductUncheckedUpdateManyInput;
  if (step !== 'approve') return moveProduct(scope, product, { step, code, change: decided });
  const store = await storeFacts(scope.tx, product.vendorId);
  // A step that is not allowed is refused as such first.
  if (product.status === 'in_review' && !store?.isSelling) fail('vendor_not_approved');
  return moveProduct(scope, product, { step, code, change: { ...decided, ...goingLive(scope, product) } });
}

/** What publication leaves: a further live revision, a price that was looked at, and nobody of the staff as its author any more. */
export function goingLive({ now }: Pick<CommandScope, 'now'>, product: Product): Prisma.ProductUncheckedUpdateManyInput {
  return {
    publishedAt: now,
    liveRevision: product.liveRevision + 1,
    reviewedPrice: product.price,
    needsLead: false,
    editorIds: [],
    suspendedAt: null,
    suspendedBy: null,
    suspendedVersion: null,
  };
}

async function requireNoAuthor(scope: CommandScope, { by, productId }: ProductStepInput): Promise<void> {
  if (by === null) fail('forbidden', { extra: { rule: 'nobody_decides' } });
  const authors = await productAuthors(scope.tx, productId);
  if (authors.includes(by)) fail('four_eyes', { extra: { rule: 'author' } });
}
