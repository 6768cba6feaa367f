import { z } from 'zod';
import { type CommandDeps, type CommandScope, defineCommand } from '../../../foundation/command/command.ts';
import { runCommand } from '../../../foundation/command/run-command.ts';
import type { Tx } from '../../../foundation/runtime/database.ts';

/** Fewer live products say nothing about what is usual. */
const pricesAtLeast = 3;

type Moved = { id: string; median: string | null };

/** The categories whose median is not what the live prices say. One pass over what is live. */
function movedMedians(db: Pick<Tx, '$queryRaw'>): Promise<Moved[]> {
  return db.$queryRaw<Moved[]>`
    WITH live AS (
      SELECT code, round((percentile_cont(0.5) WITHIN GROUP (ORDER BY p.price))::numeric, 2) AS median
        FROM catalog.product AS p CROSS JOIN LATERAL unnest(p.category_codes) AS code
       WHERE p.status = 'published' AND p.deleted_at IS NULL
       GROUP BY code HAVING count(*) >= ${pricesAtLeast}
    )
    SELECT c.id, live.median::text AS median
      FROM catalog.category AS c LEFT JOIN live ON live.code = c.code
     WHERE c.median_price IS DISTINCT FROM live.median
     ORDER BY c.id`;
}

/** @returns how many categories have another median now */
export async function writeMedians({ tx, touched, note }: CommandScope): Promise<number> {
  const moved = await movedMedians(tx);
  for (const { id, median } of moved) await tx.category.updateMany({ where: { id }, data: { medianPrice: median } });
  touched(...moved.map(({ id }) => id));
  note(`${moved.length} medians`);
  return moved.length;
}

/** The same for the job. */
export const refreshMedians = defineCommand<object, { changed: number }>({
  name: 'refresh-medians',
  resource: 'category',
  access: 'system',
  input: z.object({}),
  isIdempotent: false,
  run: async (scope) => ({ changed: await writeMedians(scope) }),
});

/** Only where something moved, so that a quiet hour leaves nothing in the history. */
export async function refreshMovedMedians(deps: CommandDeps): Promise<void> {
  if ((await movedMedians(deps.database.prisma)).length > 0) await runCommand(deps, refreshMedians, { input: {} });
}
