import { z } from 'zod';
import { defineCommand } from '../../foundation/command/command.ts';
import { fail } from '../../foundation/errors/app-error.ts';
import { actorIdOf } from '../../foundation/runtime/actor.ts';
import { csvLine } from '../../foundation/runtime/csv.ts';

const input = z.strictObject({ id: z.uuid() });
type Loaded = { createdAt: Date; isOwn: boolean };

const outcomeWords = { waiting: 'not done', changed: 'changed', unchanged: 'unchanged', refused: 'refused' } as const;

/**
 * What became of each row of a run, as a spreadsheet: own runs, all of them for oversight. Ids and words only, no personal data.
 * @throws AppError 404 `not_found`
 */
export const downloadResults = defineCommand<z.infer<typeof input>, { fileName: string; csv: string }, undefined, Loaded>({
  name: 'download-bulk-results',
  resource: 'bulk_run',
  access: 'bulk_run.download_results',
  input,
  isIdempotent: false,
  async load({ tx, actor }, { id }) {
    const run = await tx.bulkRun.findUnique({ where: { id }, select: { requestedBy: true, createdAt: true } });
    return run ? { createdAt: run.createdAt, isOwn: run.requestedBy === actorIdOf(actor) } : fail('not_found');
  },
  subject: ({ isOwn }) => ({ isOwn }),
  async run(scope, { id }, run) {
    const rows = await scope.tx.bulkRow.findMany({ where: { runId: id }, orderBy: { position: 'asc' } });
    scope.touched(id);
    scope.note(`${rows.length} rows`);
    const lines = rows.map((row) =>
      csvLine([row.recordId, outcomeWords[row.outcome], row.reason, row.errorCode, row.doneAt?.toISOString(), row.actionId]),
    );
    return {
      fileName: `bulk-${run.createdAt.toISOString().slice(0, 10)}-${id.slice(-8)}.csv`,
      csv: csvLine(['Record', 'Outcome', 'Why', 'Code', 'Done', 'Action']) + lines.join(''),
    };
  },
});
