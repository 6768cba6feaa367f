import type { Prisma, ProductRevision } from '@prisma/client';
import type { CommandScope } from '../../../foundation/command/command.ts';
import { mayTake } from '../../../foundation/command/state-machine.ts';
import { fail } from '../../../foundation/errors/app-error.ts';
import { type RevisionStep, revisionStates } from '../product-states.ts';
import { lockProduct, type ProductRecord } from '../products/product-record.ts';

/** A revision and its product, locked in that order's reverse: the product first, as everywhere. */
export type RevisionRecord = { revision: ProductRevision; product: ProductRecord };

/** Null where there is no such revision, or its product was deleted. */
export async function lockRevision(scope: Pick<CommandScope, 'tx'>, id: string): Promise<RevisionRecord | null> {
  const found = await scope.tx.productRevision.findUnique({ where: { id }, select: { productId: true } });
  const product = found && (await lockProduct(scope, found.productId));
  if (!product) return null;
  await scope.tx.$queryRaw`SELECT 1 AS locked FROM catalog.product_revision WHERE id = ${id}::uuid FOR UPDATE`;
  const revision = await scope.tx.productRevision.findUnique({ where: { id } });
  return revision && { revision, product };
}

type Move = { step: RevisionStep; change?: Prisma.ProductRevisionUncheckedUpdateManyInput };

/**
 * One step of the state machine, by one conditional UPDATE, with the event of product.md 8.
 * @throws AppError 409 `transition_not_allowed`, also to whoever came second
 */
export async function moveRevision(scope: CommandScope, revision: ProductRevision, { step, change = {} }: Move): Promise<ProductRevision> {
  const { to, event } = revisionStates.steps[step];
  if (!mayTake(revisionStates, step, revision.status)) fail('transition_not_allowed');
  const { id, version, status } = revision;
  const [written] = await scope.tx.productRevision.updateManyAndReturn({
    where: { id, version, status },
    data: { ...change, status: to, version: { increment: 1 } },
  });
  if (!written) return fail('transition_not_allowed');
  scope.touched(id);
  if (event) emitRevision(scope, event, written);
  return written;
}

/** An event of product.md 8: ids only. */
export function emitRevision(scope: Pick<CommandScope, 'emit'>, name: string, { id, productId, kind }: ProductRevision): void {
  scope.emit({ name, aggregateId: id, payload: { revisionId: id, productId, kind } });
}
