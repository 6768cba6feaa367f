import { z } from 'zod';
import type { CommandDeps } from '../../foundation/command/command.ts';
import type { JobDefinition } from '../../foundation/jobs/job.ts';

const payload = z.object({});
const subtreesPerStatement = 200;

/**
 * Keeps the roots of whole subtrees of 1,024 leaves, so that the proof of one row in ten million reads a few thousand hashes. The
 * database computes them from the leaves; repeating it is harmless, and proofs are right, only slower, while it is behind.
 */
export const foldTreeJob: JobDefinition<z.infer<typeof payload>> = {
  queue: 'audit.fold-tree',
  payload,
  policy: 'exclusive',
  schedule: '* * * * *',
  handle: async (_payload, deps) => void (await foldTree(deps)),
};

/** Everything that is sealed and not folded yet; gives the number of new subtrees. */
export async function foldTree(deps: Pick<CommandDeps, 'database'>): Promise<number> {
  let folded = 0;
  for (;;) {
    const { rows } = await deps.database.pool.query<{ made: number }>('SELECT audit.fold_tree($1) AS made', [subtreesPerStatement]);
    const made = rows[0]?.made ?? 0;
    folded += made;
    if (made < subtreesPerStatement) return folded;
  }
}
