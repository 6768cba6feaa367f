import { cancelBulkRun } from '../../admin/bulk/cancel-bulk-run.ts';
import { downloadResults } from '../../admin/bulk/download-results.ts';
import { undoBulkRun } from '../../admin/bulk/undo-bulk-run.ts';
import { type CommandAction, commandAction, FileAnswer } from '../../admin/index.ts';

export const undoRunAction: CommandAction = commandAction(undoBulkRun, {
  name: 'undoRun',
  label: 'Take back',
  effect: 'Undoes the rows that changed, where nobody changed them since',
  placement: ['resource'],
  group: 'careful',
  reasonCodes: ['error_correction', 'customer_request', 'policy', 'other'],
  message: () => 'Being taken back, row by row.',
  shown: (output) => ({ output }),
});

export const bulkRunActions: readonly CommandAction[] = [
  undoRunAction,
  commandAction(cancelBulkRun, {
    name: 'cancelRun',
    label: 'Stop',
    effect: 'Stops after the row it is at; what is done stays done',
    placement: ['resource'],
    group: 'everyday',
    message: () => 'Stopped. Rows that were done stay done.',
  }),
  commandAction(downloadResults, {
    name: 'downloadResults',
    label: 'Download results',
    effect: 'A spreadsheet with a line for each row',
    placement: ['resource'],
    group: 'everyday',
    message: () => 'Downloaded.',
    file: (output) => {
      const body = Buffer.from(textIn(output, 'csv'));
      return new FileAnswer({ name: textIn(output, 'fileName'), type: 'text/csv; charset=utf-8', bytes: body.length, body: once(body) });
    },
  }),
];

async function* once(body: Buffer): AsyncGenerator<Buffer> {
  yield body;
}

function textIn(output: unknown, name: string): string {
  const found: unknown = typeof output === 'object' && output !== null ? Reflect.get(output, name) : null;
  if (typeof found !== 'string') throw new Error('no results were read');
  return found;
}
