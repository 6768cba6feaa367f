import type { ProductRevision } from '@prisma/client';
import { z } from 'zod';
import { type CommandScope, defineCommand, type Refusal } from '../../../foundation/command/command.ts';
import { type FieldError, validationError } from '../../../foundation/errors/app-error.ts';
import { zodToFieldErrors } from '../../../foundation/errors/field-errors.ts';
import { newId } from '../../../foundation/runtime/new-id.ts';
import { requireActiveCategories } from '../categories/category.queries.ts';
import { type ProductChange, suggestible } from '../product-rules.ts';
import type { ProductStatus } from '../product-states.ts';
import { altPosition, contentOf, fieldValue, isSame } from '../products/product-content.ts';
import { contentPatch } from '../products/product-input.ts';
import type { ProductRecord } from '../products/product-record.ts';
import { optionalText } from '../products/product-text.ts';
import { loadProduct, onProduct, staffIn } from '../products/staff-product.ts';
import { checkChanges, mayBeProposed, type RevisionCheck } from './check-changes.ts';
import { moveRevision } from './revision-record.ts';

/** Products that the enhancers work on (product.md 6.3). */
export const improvable = ['pending', 'in_review', 'published'] satisfies ProductStatus[];

const input = z.strictObject({ id: z.uuid(), changes: z.record(z.string(), z.unknown()) });
type Input = z.infer<typeof input>;
type Output = { revisionId: string; status: 'draft' | 'proposed'; checks: RevisionCheck[] };

/**
 * Proposes better words for a product: draft -> automatic checks -> proposed. What fails a check stays a draft of its author, with what
 * was found; sending it again replaces the draft. The product itself is not touched.
 * @throws AppError 404 `not_found`, 409 `transition_not_allowed` for a product that is not worked on or while an own proposal waits,
 *   `version_conflict`, 422 `unknown_field` for a field that is not open to suggestions, `required`, `too_long`, `invalid_value`
 */
export const suggestChange = defineCommand<Input, Output, undefined, ProductRecord>({
  name: 'suggest-product-change',
  resource: 'product',
  access: 'product.suggest',
  input,
  isIdempotent: true,
  load: loadProduct,
  ...onProduct,
  async run(scope, given, product) {
    if (!improvable.some((status) => status === product.status)) return { refused: 'transition_not_allowed' };
    const changes = readSuggestion(product, given.changes);
    const codes = changes.find(({ field }) => field === 'categoryCodes')?.new;
    if (codes) await requireActiveCategories(scope.tx, z.array(z.string()).parse(codes), 'changes.categoryCodes');
    const draft = await keepDraft(scope, product, changes);
    if ('refused' in draft) return draft;
    const checks = await checkChanges(scope.tx, { product, changes });
    await scope.tx.productRevision.update({ where: { id: draft.id }, data: { checks } });
    scope.touched(product.id, draft.id);
    if (!mayBeProposed(checks)) return { revisionId: draft.id, status: 'draft', checks };
    await moveRevision(scope, draft, { step: 'propose' });
    return { revisionId: draft.id, status: 'proposed', checks };
  },
});

const alt = optionalText({ longest: 200 });
const open: ReadonlySet<string> = new Set(suggestible);

/** The fields that differ, parsed by the rules of the product. @throws AppError 422 */
export function readSuggestion(product: ProductRecord, given: Readonly<Record<string, unknown>>): ProductChange[] {
  const content = contentOf(product);
  const unknown = Object.keys(given).filter((field) => !open.has(field) && !isAltOf(product, field));
  if (unknown.length > 0) throw validationError(unknown.map((field) => ({ path: `changes.${field}`, code: 'unknown_field' as const })));
  const parsed = parseFields(given);
  const changes = Object.entries(parsed).map(([field, value]) => ({
    field,
    old: fieldValue(content, field) ?? null,
    new: value ?? null,
  }));
  const different = changes.filter((change) => !isSame(change.old, change.new));
  if (different.length === 0) throw validationError([{ path: 'changes', code: 'required' }]);
  return different;
}

/** By the rules of the product, each field on its own. */
function parseFields(given: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const parsed: Record<string, unknown> = {};
  const errors: FieldError[] = [];
  for (const [field, value] of Object.entries(given)) {
    const read =
      altPosition(field) === null ? contentPatch.safeParse({ [field]: value }) : z.object({ [field]: alt }).safeParse({ [field]: value });
    const values: Readonly<Record<string, unknown>> = read.success ? read.data : {};
    if (read.success) parsed[field] = values[field];
    else errors.push(...zodToFieldErrors(read.error, { [field]: value }).map((error) => ({ ...error, path: `changes.${error.path}` })));
  }
  if (errors.length > 0) throw validationError(errors);
  return parsed;
}

function isAltOf({ media }: ProductRecord, field: string): boolean {
  const position = altPosition(field);
  return position !== null && position < media.length;
}

/** The author's draft for this product, written anew; a proposal of theirs that waits is withdrawn first, by them. */
async function keepDraft(
  scope: CommandScope,
  product: ProductRecord,
  changes: readonly ProductChange[],
): Promise<ProductRevision | Refusal> {
  const authorId = staffIn(scope).id;
  const { tx } = scope;
  const open = await tx.productRevision.findFirst({
    where: { productId: product.id, authorId, kind: 'suggestion', status: { in: ['draft', 'proposed'] } },
  });
  if (open?.status === 'proposed') return { refused: 'transition_not_allowed' };
  const written = { baseVersion: product.version, changes: JSON.parse(JSON.stringify(changes)), checks: [] };
  if (open) return tx.productRevision.update({ where: { id: open.id }, data: { ...written, version: { increment: 1 } } });
  return tx.productRevision.create({
    data: {
      ...written,
      id: newId(),
      createdAt: scope.now,
      productId: product.id,
      ownerUserId: product.ownerUserId,
      kind: 'suggestion',
      authorId,
      authorKind: 'enhancer',
    },
  });
}
