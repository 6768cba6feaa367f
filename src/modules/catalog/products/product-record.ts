import type { Prisma, Product, ProductMedia } from '@prisma/client';
import type { CommandScope } from '../../../foundation/command/command.ts';
import { mayTake } from '../../../foundation/command/state-machine.ts';
import { fail } from '../../../foundation/errors/app-error.ts';
import { type ProductStep, productStates } from '../product-states.ts';

/** A product with its images in their order. */
export type ProductRecord = Product & { media: ProductMedia[] };

export const withMedia = { media: { orderBy: { position: 'asc' } } } satisfies Prisma.ProductInclude;

/** The product, locked until the command ends; null where there is none, or where it was deleted. */
export async function lockProduct(scope: Pick<CommandScope, 'tx'>, id: string): Promise<ProductRecord | null> {
  const product = await lockAnyProduct(scope, id);
  return product?.deletedAt === null ? product : null;
}

/** The same with deleted ones. */
export async function lockAnyProduct({ tx }: Pick<CommandScope, 'tx'>, id: string): Promise<ProductRecord | null> {
  await tx.$queryRaw`SELECT 1 AS locked FROM catalog.product WHERE id = ${id}::uuid FOR UPDATE`;
  return tx.product.findUnique({ where: { id }, include: withMedia });
}

type Change = Prisma.ProductUncheckedUpdateManyInput;

/** Steps that change nothing of what is sold: a reviewer who holds the case still looks at the version that was handed in. */
const quietSteps: ReadonlySet<ProductStep> = new Set(['claim', 'release']);

type Move = {
  step: ProductStep;
  change?: Change;
  /** The code of the event, where somebody decided. */
  code?: string | null;
};

/**
 * One step of the state machine, by one conditional UPDATE on id, version and state, with the event of product.md 8.
 * @returns the row as it is now
 * @throws AppError 409 `transition_not_allowed`, also to whoever came second
 */
export async function moveProduct(scope: CommandScope, product: Product, { step, change = {}, code = null }: Move): Promise<Product> {
  const { to, event } = productStates.steps[step];
  if (!mayTake(productStates, step, product.status)) fail('transition_not_allowed');
  const { id, version, status } = product;
  const [written] = await scope.tx.product.updateManyAndReturn({
    where: { id, version, status, deletedAt: null },
    data: { ...change, status: to, ...(quietSteps.has(step) ? {} : { version: { increment: 1 } }) },
  });
  if (!written) return fail('transition_not_allowed');
  scope.touched(id);
  if (event) emitProduct(scope, event, written, code);
  return written;
}

/** An event of product.md 8: ids and codes only. A submission carries the version that is to be reviewed. */
export function emitProduct(scope: Pick<CommandScope, 'emit'>, name: string, product: Product, code: string | null): void {
  const { id, vendorId, version } = product;
  const isSubmission = name === productStates.steps.submit.event;
  const payload = isSubmission ? { productId: id, version, vendorId } : { productId: id, vendorId, code };
  scope.emit({ name, aggregateId: id, payload });
}

/** What staff correct in somebody's product besides its steps; the event's code says which. */
type StaffChange = 'price' | 'stock' | 'restored';

/** Staff changed it, and its owner is told (product.md 5.3). */
export function emitChangedByStaff(scope: Pick<CommandScope, 'emit'>, product: Product, change: StaffChange): void {
  emitProduct(scope, 'catalog.product.changed_by_staff', product, change);
}
