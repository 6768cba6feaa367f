import { z } from 'zod';
import { type CommandScope, defineCommand } from '../../../foundation/command/command.ts';
import type { Tx } from '../../../foundation/runtime/database.ts';
import { vendorFacts } from '../../identity/index.ts';
import { resumed } from './clock.ts';

type Store = { isSelling: boolean };

/**
 * Whether products of this store may be looked at: the store is approved and its owner active. The queue skips those of all others
 * (product.md 4.3), which could not be published.
 */
export function isSelling(store: Store | undefined): boolean {
  return store?.isSelling === true;
}

/**
 * Whoever opens a case of a store's product and whoever lets the waiting ones go on take turns, so that a case cannot be opened as
 * waiting behind the back of the approval it waits for.
 */
export async function lockStore(tx: Tx, vendorId: string): Promise<void> {
  await tx.$queryRaw`SELECT 1 AS held FROM (SELECT pg_advisory_xact_lock(hashtext('review.store'), hashtext(${vendorId}))) AS l`;
}

const input = z.strictObject({ vendorId: z.uuid() });
const batch = 500;

/**
 * Sets the clocks of a store's waiting products by what the store is now: approved, they go on with the time they had left; else they
 * stand still and nobody is handed them. Repeating it finds nothing more.
 */
export const followStore = defineCommand<z.infer<typeof input>, { changed: number }>({
  name: 'follow-store',
  resource: 'review_case',
  access: 'system',
  input,
  isIdempotent: false,
  async run(scope, { vendorId }) {
    await lockStore(scope.tx, vendorId);
    const store = (await vendorFacts(scope.tx, [vendorId])).get(vendorId);
    const changed = isSelling(store) ? await goOn(scope, vendorId) : await standStill(scope, { vendorId });
    scope.note(`${changed} cases ${isSelling(store) ? 'go on' : 'stand still'}`);
    return { changed };
  },
});

async function goOn({ tx, now, touched }: CommandScope, vendorId: string): Promise<number> {
  const waiting = await tx.reviewCase.findMany({ where: { vendorId, status: 'queued', pausedAt: { not: null } }, take: batch });
  for (const one of waiting) {
    await tx.reviewCase.updateMany({
      where: { id: one.id, version: one.version, status: 'queued' },
      data: { ...resumed(now, one), version: { increment: 1 } },
    });
    touched(one.id);
  }
  return waiting.length;
}

/** Stops the clocks of what waits of a store's products; of one case where it is named. */
export async function standStill({ tx, now }: CommandScope, where: { vendorId: string; id?: string }): Promise<number> {
  const { count } = await tx.reviewCase.updateMany({
    where: { ...where, status: 'queued', pausedAt: null, sampleOfId: null, kind: { in: ['product', 'product_revision'] } },
    data: { pausedAt: now, version: { increment: 1 } },
  });
  return count;
}
