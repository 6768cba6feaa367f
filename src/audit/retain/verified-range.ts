import { z } from 'zod';
import type { CommandDeps } from '../../foundation/command/command.ts';

const seq = z.string().regex(/^\d+$/).transform(BigInt);
/** The part of a `verify` control row that is needed here: leaves `from` up to but not including `to` were found valid. */
const verifyBody = z.object({ scope: z.enum(['full', 'from', 'since_anchor']), from: seq, to: seq, outcome: z.literal('valid') });

/** Whether verify runs that found nothing, taken together, cover the leaves from `first` to `last`. */
export async function isVerified(deps: CommandDeps, range: { first: string; last: string }): Promise<boolean> {
  const { rows } = await deps.database.pool.query<{ body: string }>(
    `SELECT c.body FROM audit.control AS c JOIN audit.leaf AS l ON l.row_id = c.id WHERE c.type = 'verify'`,
  );
  const runs = rows.flatMap(({ body }) => {
    const run = verifyBody.safeParse(JSON.parse(body));
    return run.success ? [run.data] : [];
  });
  runs.sort((one, other) => Number(one.from - other.from));
  let reached = BigInt(range.first);
  for (const { from, to } of runs) if (from <= reached && to > reached) reached = to;
  return reached > BigInt(range.last);
}
