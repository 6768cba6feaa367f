import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recordAction } from '../../../foundation/command/action-row.ts';
import type { CommandDeps } from '../../../foundation/command/command.ts';
import { addSeconds } from '../../../foundation/runtime/clock.ts';
import { indexAll } from '../index.job.ts';
import { type ExportOrder, findExportOrder } from './export.queries.ts';
import { exportFilter } from './export-filter.ts';
import { storeParts } from './export-parts.ts';
import { exportReader } from './export-reader.ts';
import { ProofFailedError } from './export-rows.ts';
import { selectsByIndex } from './export-selection.ts';
import { type ExportSummary, TooManyRowsError, writeExport } from './write-export.ts';
import { zipOf } from './zip-writer.ts';

/** Progress is written at most this often. */
const progressMs = 500;

/**
 * Makes the file of an export that was asked for. Safe to repeat: a finished one is left alone, and an attempt that died is begun
 * anew under a new key. Rows that do not prove, or too many of them, end it at once; anything else is tried again, and ends it
 * when `isLastAttempt`.
 */
export async function makeExport(deps: CommandDeps, exportId: string, isLastAttempt: boolean): Promise<void> {
  const order = await findExportOrder(deps, exportId);
  if (!order) return;
  const key = deps.keyring.newDataKey();
  const { rows } = await deps.database.pool.query<{ begun: boolean }>('SELECT audit.begin_export($1, $2, $3) AS begun', [
    order.id,
    key.kekKid,
    key.wrappedKey,
  ]);
  if (!rows[0]?.begun) return;
  const folder = await mkdtemp(join(tmpdir(), 'audit-export-'));
  try {
    await fill(deps, order, { folder, dataKey: key.dataKey });
  } catch (error) {
    const code = failureCode(error);
    if (code !== 'internal_error' || isLastAttempt) await endFailed(deps, order, code);
    if (code === 'internal_error') throw error;
    deps.log.error({ event: 'audit.export_failed', exportId, errorCode: code, err: error }, 'export not made');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function fill(deps: CommandDeps, order: ExportOrder, { folder, dataKey }: { folder: string; dataKey: Uint8Array }): Promise<void> {
  const filter = exportFilter.parse(order.filter);
  // What is found by the search index must be in it: the index may be behind the tree.
  if (selectsByIndex(filter)) await indexAll(deps);
  const spec = { filter, format: order.format, actionId: order.actionId, by: order.actorName, cap: order.rowCap };
  const reader = exportReader(deps.database.pool, false);
  const summary = await writeExport({ config: deps.config, clock: deps.clock, reader }, spec, folder, progressOf(deps, order.id));
  const { sha256, bytes } = await storeParts(
    deps,
    { id: order.id, dataKey },
    zipOf(
      summary.files.map((name) => join(folder, name)),
      deps.clock.now(),
    ),
  );
  await deps.database.pool.query('SELECT audit.move_export($1, $2, $2)', [order.id, summary.rows]);
  await recordMade(deps, order, { summary, sha256: sha256.toString('hex'), bytes });
  const until = addSeconds(deps.clock.now(), deps.config.exportTtlSeconds);
  const { rows } = await deps.database.pool.query<{ done: boolean }>('SELECT audit.finish_export($1, $2, $3, $4, $5) AS done', [
    order.id,
    sha256,
    bytes,
    summary.unsealed,
    until,
  ]);
  if (!rows[0]?.done) throw new Error('A person was erased while the export was made: it is made again');
}

/** The SHA-256 is in the history before anybody can fetch the file. */
async function recordMade(
  deps: CommandDeps,
  order: ExportOrder,
  made: { summary: ExportSummary; sha256: string; bytes: number },
): Promise<void> {
  const { rows, unsealed, checkpointSize } = made.summary;
  const note = `sha256 ${made.sha256}; ${made.bytes} bytes; ${rows} rows, ${unsealed} not sealed yet; tree of ${checkpointSize}; export ${order.actionId}`;
  await recordAction(deps, { resource: 'audit_export', action: 'make-export', outcome: 'ok', recordIds: [order.id], note });
}

async function endFailed(deps: CommandDeps, order: ExportOrder, code: string): Promise<void> {
  await deps.database.pool.query('SELECT audit.fail_export($1, $2)', [order.id, code]);
  await recordAction(deps, {
    resource: 'audit_export',
    action: 'make-export',
    outcome: 'error',
    errorCode: code,
    recordIds: [order.id],
    note: `export ${order.actionId}`,
  });
}

function failureCode(error: unknown): 'export_too_large' | 'export_proof_failed' | 'internal_error' {
  if (error instanceof TooManyRowsError) return 'export_too_large';
  return error instanceof ProofFailedError ? 'export_proof_failed' : 'internal_error';
}

function progressOf(deps: CommandDeps, exportId: string): (done: number, total: number) => Promise<void> {
  let writtenAt = Number.NEGATIVE_INFINITY;
  return async (done, total) => {
    if (performance.now() - writtenAt < progressMs) return;
    writtenAt = performance.now();
    await deps.database.pool.query('SELECT audit.move_export($1, $2, $3)', [exportId, done, total]);
  };
}
