import { describeAction } from '../../admin/action-states.ts';
import { type CommandAction, commandAction, FileAnswer, type PageRequest } from '../../admin/index.ts';
import { askExport, type FetchedExport, fetchExport, readExportFile } from '../../audit/index.ts';
import { offerOf } from '../../foundation/access/evaluate.ts';
import { AppError } from '../../foundation/errors/app-error.ts';
import { parseAuditQuery } from './audit-query.ts';

/** The export of what the explorer shows: its form takes the filters from the address. */
export const askExportAction: CommandAction = commandAction(askExport, {
  label: 'Export',
  effect: 'Makes a signed file of the actions that the filters show, with a proof of each row',
  placement: ['resource'],
  group: 'careful',
  reasonCodes: ['legal', 'fraud', 'security', 'policy', 'customer_request', 'other'],
  form: [
    {
      name: 'format',
      label: 'Format',
      type: 'select',
      help: 'A spreadsheet unless you choose otherwise.',
      options: [
        { value: 'csv', label: 'Spreadsheet (CSV), with the proof beside it' },
        { value: 'ndjson', label: 'Rows and proof only (NDJSON)' },
      ],
    },
  ],
  toInput: ({ format, query }) => ({ format: typeof format === 'string' && format !== '' ? format : 'csv', filter: filterIn(query) }),
  message: () => 'Being made. It appears under Exports when it is ready, and can be downloaded once.',
});

function filterIn(query: unknown): object {
  const { before: _, after: __, ...params } = Object.fromEntries(new URLSearchParams(typeof query === 'string' ? query : ''));
  const asked = parseAuditQuery(params);
  if (asked.kind !== 'list') throw new AppError('invalid_filter', { extra: { filter: asked.kind } });
  return Object.fromEntries(Object.entries(asked.filter).filter(([, value]) => value !== undefined));
}

export const fetchExportAction: CommandAction = commandAction(fetchExport, {
  name: 'downloadExport',
  label: 'Download',
  effect: 'Once: the file is destroyed afterwards',
  placement: ['resource'],
  group: 'everyday',
  message: () => 'Downloaded.',
  file: (output, deps) => {
    const fetched = asFetched(output);
    return new FileAnswer({
      name: fetched.fileName,
      type: 'application/zip',
      bytes: fetched.bytes,
      body: readExportFile(deps, fetched.exportId),
    });
  },
});

function asFetched(output: unknown): Pick<FetchedExport, 'exportId' | 'fileName' | 'bytes'> {
  const [exportId, fileName, bytes] = ['exportId', 'fileName', 'bytes'].map((name): unknown =>
    typeof output === 'object' && output !== null ? Reflect.get(output, name) : undefined,
  );
  if (typeof exportId !== 'string' || typeof fileName !== 'string' || typeof bytes !== 'number') throw new Error('no export was opened');
  return { exportId, fileName, bytes };
}

/** What the browser needs for the form; null for roles that never export. */
export function offeredExport({ staff, now }: PageRequest): object | null {
  return offerOf(staff, askExportAction.permission, now) === 'offered' ? describeAction(askExportAction, null) : null;
}
