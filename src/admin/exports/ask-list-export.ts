import { z } from 'zod';
import { exportRowCapOf } from '../../foundation/access/quotas.ts';
import { type CommandDeps, type CommandScope, defineCommand } from '../../foundation/command/command.ts';
import { sealBox } from '../../foundation/crypto/sealed-box.ts';
import { AppError, fail } from '../../foundation/errors/app-error.ts';
import type { Actor, StaffActor } from '../../foundation/runtime/actor.ts';
import { newId } from '../../foundation/runtime/new-id.ts';
import { requireStaff } from '../lists/staff-actor.ts';
import { columnNames, listOf } from '../lists/view-query.ts';
import { exportFormats, exportParams, exportQuery, filterNote } from './export-query.ts';

const input = z.strictObject({
  resource: z.string().max(60),
  /** The address of the list, from its question mark on. */
  query: z.string().max(8000).default(''),
  format: z.enum(exportFormats),
  /** In their order; none means all that the list shows. */
  columns: z.array(z.string().max(60)).max(60).default([]),
});
type Input = z.infer<typeof input>;

/** Event of the outbox on which the worker makes the file. */
export const listExportRequested = 'platform.list_export.requested';

/** Where the sealed question of an export belongs; it opens nowhere else. */
export const queryPlace = (exportId: string) => `platform.list_export.query:${exportId}`;

/**
 * Asks for a list as a file: permission, reason and fresh factor by the matrix, the rows by the role. The worker makes it with the
 * rights the person has then.
 * @throws AppError 404 `not_found` for a list out of reach; 409 `export_in_progress`; 422 `export_too_large`; what the list would refuse
 */
export const askListExport = defineCommand<Input, { exportId: string }, number | null>({
  name: 'export-list',
  resource: 'list_export',
  access: 'list_export.create',
  input,
  prepare: (deps, asked, context) => countRows(deps, asked, context.actor),
  async preview(scope, asked) {
    const rows = await countRows(scope.deps, asked, scope.actor);
    const cap = exportRowCapOf(scope.actor, scope.now);
    return [
      `${rows === null ? 'An unknown number of rows' : rows === 1 ? '1 row' : `${number(rows)} rows`}; your role may take ${number(cap)}.`,
      'Masked values stay masked. Every line carries your name and the number of this export.',
      `The file can be downloaded once, within ${Math.round(scope.deps.config.exportTtlSeconds / 3600)} hours.`,
      'Your name, the reason, the filters and the number of rows are recorded.',
    ];
  },
  async run(scope, asked, _loaded, rows) {
    const exportId = await writeOrder(scope, asked, rows);
    scope.touched(exportId);
    scope.emit({ name: listExportRequested, aggregateId: exportId, payload: { exportId } });
    return { exportId };
  },
});

async function writeOrder(scope: CommandScope, asked: Input, rows: number | null): Promise<string> {
  const { deps, tx, now } = scope;
  const staff = requireStaff(scope);
  const resource = listOf(deps, staff, asked.resource);
  const params = exportParams(asked.query);
  const id = newId();
  const { dataKey, wrappedKey, kekKid } = deps.keyring.newDataKey();
  const note = filterNote(params, resource);
  // One at a time per person: the index refuses the second of two at the same time.
  const { count } = await tx.listExport.createMany({
    skipDuplicates: true,
    data: {
      id,
      createdAt: now,
      actorId: staff.id,
      actorName: staff.displayName,
      actionId: scope.actionId,
      resource: asked.resource,
      format: asked.format,
      columns: chosenColumns(deps, staff, asked),
      filterNote: note,
      queryBox: sealBox(dataKey, queryPlace(id), Buffer.from(JSON.stringify([...params]))),
      kekKid,
      wrappedKey,
      rowsWanted: rows ?? 0,
      rowCap: exportRowCapOf(staff, now),
    },
  });
  if (count === 0) fail('export_in_progress');
  scope.note([`${asked.resource}, ${asked.format}`, note].filter(Boolean).join('; '));
  return id;
}

/** @throws AppError 400 `unknown_filter` for a column that the list does not show to this person */
function chosenColumns(deps: CommandDeps, staff: StaffActor, { resource, columns }: Input): string[] {
  const known = columnNames(deps, staff, listOf(deps, staff, resource));
  if (columns.some((name) => !known.includes(name))) fail('unknown_filter');
  return columns.length > 0 ? [...new Set(columns)] : [...known];
}

/** How many there are; null where counting takes too long, which the worker then finds out. */
async function countRows(deps: CommandDeps, asked: Input, actor: Actor): Promise<number | null> {
  const staff = requireStaff({ actor });
  const resource = listOf(deps, staff, asked.resource);
  const query = exportQuery(exportParams(asked.query), { resource, staff, deps });
  const cap = exportRowCapOf(staff, deps.clock.now());
  try {
    const rows = await resource.reader.countRows(query, staff, cap + 1);
    if (rows > cap) fail('export_too_large', { params: { limit: number(cap) } });
    return rows;
  } catch (error) {
    if (error instanceof AppError && error.code === 'query_too_broad') return null;
    throw error;
  }
}

const number = (value: number) => new Intl.NumberFormat('en').format(value);
