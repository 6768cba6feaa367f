import { exportRowCapOf } from '../../foundation/access/quotas.ts';
import type { CommandDeps } from '../../foundation/command/command.ts';
import { fail } from '../../foundation/errors/app-error.ts';
import type { StaffActor } from '../../foundation/runtime/actor.ts';
import { listOf } from '../lists/view-query.ts';
import { registryOf } from '../registry-of.ts';
import { serialiseRecords, visibleColumns } from '../serialise-record.ts';
import { type ExportColumn, lineWriter } from './export-lines.ts';
import { exportQuery } from './export-query.ts';
import type { ListExportOrder } from './list-export.queries.ts';

/** What is known of a file once its last line is written. */
export type Made = { rows: number; recordIds: string[] };

type Asked = { order: ListExportOrder; staff: StaffActor; params: ReadonlyMap<string, string>; made: Made };

/** Progress is written at most this often. */
const progressMs = 500;
/** Records that the row of the making names. */
const namedRecords = 99;

/**
 * The lines of an export, page after page by keyset, with the scope, the columns and the row cap that its requester has now.
 * @throws AppError 404 `not_found` for a list out of reach by now, 422 `export_too_large`
 */
export async function* exportLines(deps: CommandDeps, { order, staff, params, made }: Asked): AsyncGenerator<Buffer> {
  const now = deps.clock.now();
  const resource = listOf(deps, staff, order.resource);
  const mark = `${order.actorName}, ${now.toISOString()}, ${order.actionId}`;
  const writer = lineWriter(order.format === 'jsonl' ? 'jsonl' : 'csv', columnsOf(deps, { order, staff }), mark);
  const cap = Math.min(order.rowCap, exportRowCapOf(staff, now));
  const query = exportQuery(params, { resource, staff, deps });
  const progress = progressOf(deps, order.id);
  yield Buffer.from(writer.heading);
  let after: string | null = null;
  do {
    const page: { rows: readonly Readonly<Record<string, unknown>>[]; next: string | null } = await resource.reader.rowsAfter(
      { ...query, after },
      staff,
    );
    made.rows += page.rows.length;
    if (made.rows > cap) fail('export_too_large', { params: { limit: cap } });
    const records = await serialiseRecords(registryOf(deps), resource, { rows: page.rows, staff, place: 'list', now });
    made.recordIds.push(...records.slice(0, namedRecords - made.recordIds.length).map((record) => record.id));
    if (records.length > 0) yield Buffer.from(records.map((record) => writer.line(record)).join(''));
    await progress(made.rows);
    after = page.next;
  } while (after !== null);
}

/** In the order asked; what the person may not see any more is left out. */
function columnsOf(deps: CommandDeps, { order, staff }: Pick<Asked, 'order' | 'staff'>): readonly ExportColumn[] {
  const { definition } = listOf(deps, staff, order.resource);
  const seen = new Map(visibleColumns(definition, staff, { place: 'list', now: deps.clock.now() }));
  return order.columns.flatMap((name): ExportColumn[] => {
    const column = seen.get(name);
    return column ? [[name, column]] : [];
  });
}

function progressOf(deps: CommandDeps, exportId: string): (rows: number) => Promise<void> {
  let writtenAt = performance.now();
  return async (rows) => {
    if (performance.now() - writtenAt < progressMs) return;
    writtenAt = performance.now();
    await deps.database.prisma.listExport.updateMany({ where: { id: exportId, status: 'running' }, data: { rowsDone: rows } });
  };
}
