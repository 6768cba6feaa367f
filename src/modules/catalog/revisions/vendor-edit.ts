import type { ProductRevision } from '@prisma/client';
import type { CommandScope } from '../../../foundation/command/command.ts';
import { newId } from '../../../foundation/runtime/new-id.ts';
import type { ProductChange } from '../product-rules.ts';
import { type RevisionStatus, revisionStates } from '../product-states.ts';
import { isSame, readChanges } from '../products/product-content.ts';
import type { ProductRecord } from '../products/product-record.ts';
import { checkChanges } from './check-changes.ts';
import { emitRevision, moveRevision } from './revision-record.ts';

const openStatuses = ['draft', 'proposed'] satisfies RevisionStatus[];

/** The owner's edit of a live product that waits; null where none does. */
function openEditOf({ tx }: Pick<CommandScope, 'tx'>, productId: string): Promise<ProductRevision | null> {
  return tx.productRevision.findFirst({ where: { productId, kind: 'vendor_edit', status: { in: openStatuses } } });
}

/** Its changes; none where nothing waits. */
export async function waitingChanges(scope: Pick<CommandScope, 'tx'>, productId: string): Promise<ProductChange[]> {
  const open = await openEditOf(scope, productId);
  return open ? readChanges(open.changes) : [];
}

type Edit = {
  product: ProductRecord;
  /** Every field that the owner named, also those that are as they stand: naming one takes back what waits for it. */
  named: readonly string[];
  waiting: readonly ProductChange[];
};

/**
 * What the owner wants of a live product, as one proposal: an earlier one that waits is superseded by a new one that holds both, so
 * that nobody decides on half of it. Where nothing differs from what waits, that stays, with its place in the queue.
 * @returns the proposal that waits now; null where none does
 */
export async function openEdit(scope: CommandScope, { product, named, waiting }: Edit): Promise<ProductRevision | null> {
  const open = await openEditOf(scope, product.id);
  const kept = open ? readChanges(open.changes).filter(({ field }) => !named.includes(field)) : [];
  const all = [...kept, ...waiting];
  if (open && isSame(byField(all), byField(readChanges(open.changes)))) return open;
  if (open) await moveRevision(scope, open, { step: 'supersede' });
  return all.length > 0 ? propose(scope, product, all) : null;
}

async function propose(scope: CommandScope, product: ProductRecord, changes: readonly ProductChange[]): Promise<ProductRevision> {
  const id = newId();
  const stored = changes.map(({ field, old, new: value }) => ({ field, old: old ?? null, new: value ?? null }));
  const revision = await scope.tx.productRevision.create({
    data: {
      id,
      createdAt: scope.now,
      productId: product.id,
      ownerUserId: product.ownerUserId,
      baseVersion: product.version,
      kind: 'vendor_edit',
      status: revisionStates.steps.propose.to,
      changes: JSON.parse(JSON.stringify(stored)),
      checks: await checkChanges(scope.tx, { product, changes }),
      authorId: product.ownerUserId,
      authorKind: 'vendor',
    },
  });
  scope.touched(id);
  emitRevision(scope, 'catalog.revision.proposed', revision);
  return revision;
}

function byField(changes: readonly ProductChange[]): ProductChange[] {
  return changes.toSorted((one, other) => (one.field < other.field ? -1 : 1));
}
