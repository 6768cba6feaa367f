import { z } from 'zod';
import { exportRowCapOf } from '../../../foundation/access/quotas.ts';
import { type CommandDeps, type CommandScope, defineCommand } from '../../../foundation/command/command.ts';
import { AppError, fail } from '../../../foundation/errors/app-error.ts';
import { type Actor, actorIdOf } from '../../../foundation/runtime/actor.ts';
import { addSeconds } from '../../../foundation/runtime/clock.ts';
import { boundedRead } from '../bounded-read.ts';
import { clickQuery } from '../search-conditions.ts';
import { describeFilter, type ExportFilter, exportFilter, exportFormats, searchFilterOf } from './export-filter.ts';

/** Times are optional here: the window of the explorer, the last 30 days, then counts from the asking. */
const input = z.strictObject({ filter: exportFilter.partial({ from: true, to: true }), format: z.enum(exportFormats) });
type Input = z.infer<typeof input>;

const windowSeconds = 30 * 86_400;

function wholeFilter(filter: Input['filter'], now: Date): ExportFilter {
  return { ...filter, from: filter.from ?? addSeconds(now, -windowSeconds).toISOString(), to: filter.to ?? now.toISOString() };
}

/** Event of the outbox on which the worker makes the files. */
export const exportRequested = 'audit.export.requested';

/**
 * Asks for an export of the history (audit.md section 9): permission, reason and fresh factor by the matrix. The worker makes the
 * files; the row of this action is the record of it, and its id the mark on every line.
 * @throws AppError 422 `export_too_large` where there are more clicks than the role may take rows; 409 `export_in_progress`
 */
export const askExport = defineCommand<Input, { exportId: string }, number | null>({
  name: 'export-audit',
  resource: 'audit_export',
  access: 'audit.export',
  input,
  prepare: (deps, { filter }, context) => countClicks(deps, wholeFilter(filter, deps.clock.now()), context.actor),
  async preview(scope, { filter, format }) {
    const clicks = await countClicks(scope.deps, wholeFilter(filter, scope.now), scope.actor);
    const cap = exportRowCapOf(scope.actor, scope.now);
    return [
      `${clicks === null ? 'An unknown number of' : number(clicks)} ${clicks === 1 ? 'action' : 'actions'}, with every row they changed; ${number(cap)} rows at most.`,
      'Rows that are not sealed yet are left out, and counted.',
      `Makes a .zip with ${format === 'csv' ? 'a spreadsheet, ' : ''}the rows, a proof of each and a signature. It can be downloaded once, within ${hours(scope.deps)} hours.`,
      'Your name, the reason and the filters are recorded.',
    ];
  },
  async run(scope, { filter: asked, format }, _loaded, clicks) {
    const { actor } = scope;
    const filter = wholeFilter(asked, scope.now);
    if (actor.kind !== 'staff') fail('forbidden', { extra: { rule: 'not_staff' } });
    if (await hasOpenExport(scope)) fail('export_in_progress');
    const order = {
      actorId: actor.id,
      actorName: actor.displayName,
      actionId: scope.actionId,
      format,
      filter,
      rows: clicks ?? 0,
      unsealed: 0,
      rowCap: exportRowCapOf(actor, scope.now),
    };
    const [made] = await scope.tx.$queryRaw<{ id: string }[]>`SELECT audit.ask_export(${JSON.stringify(order)}::jsonb) AS id`;
    if (!made) throw new Error('audit.ask_export gave no id');
    scope.touched(made.id);
    scope.note(`${format}; ${describeFilter(filter)}`);
    scope.emit({ name: exportRequested, aggregateId: made.id, payload: { exportId: made.id } });
    return { exportId: made.id };
  },
});

/** How many clicks there are, up to one more than the cap; null where it takes too long to tell, which the worker then finds out. */
async function countClicks(deps: CommandDeps, filter: ExportFilter, actor: Actor): Promise<number | null> {
  const cap = exportRowCapOf(actor, deps.clock.now());
  const query = clickQuery({ filter: searchFilterOf(filter), reach: undefined, now: deps.clock.now() });
  try {
    const [row] = await boundedRead<{ n: number }>(
      deps,
      `SELECT count(*)::int AS n FROM (
         SELECT ${query.isDistinct ? 'DISTINCT' : ''} ${query.at}, ${query.id} FROM ${query.from} WHERE ${query.where.join(' AND ')} LIMIT ${cap + 1}) AS c`,
      query.values,
    );
    const clicks = row?.n ?? 0;
    if (clicks > cap) fail('export_too_large', { params: { limit: number(cap) } });
    return clicks;
  } catch (error) {
    if (error instanceof AppError && error.code === 'query_too_broad') return null;
    throw error;
  }
}

async function hasOpenExport(scope: CommandScope): Promise<boolean> {
  const rows = await scope.tx.$queryRaw<unknown[]>`
    SELECT 1 FROM audit.export AS e WHERE e.actor_id = ${actorIdOf(scope.actor)}::uuid AND e.status IN ('waiting', 'running') LIMIT 1`;
  return rows.length > 0;
}

const number = (value: number) => new Intl.NumberFormat('en').format(value);
const hours = (deps: CommandDeps) => Math.round(deps.config.exportTtlSeconds / 3600);
