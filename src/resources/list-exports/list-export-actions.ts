import { askListExport } from '../../admin/exports/ask-list-export.ts';
import { downloadListExport, readListExport } from '../../admin/exports/download-list-export.ts';
import { type CommandAction, commandAction, FileAnswer } from '../../admin/index.ts';

/** The export of what a list shows; its form is filled by the list. */
export const askListExportAction: CommandAction = commandAction(askListExport, {
  name: 'exportList',
  label: 'Export',
  effect: 'Makes a file of the rows that the filters show',
  placement: ['resource'],
  group: 'careful',
  reasonCodes: ['customer_request', 'legal', 'fraud', 'security', 'policy', 'quality', 'other'],
  form: [
    {
      name: 'format',
      label: 'Format',
      type: 'select',
      isRequired: true,
      options: [
        { value: 'csv', label: 'Spreadsheet (CSV)' },
        { value: 'jsonl', label: 'One JSON object per line (JSONL)' },
      ],
    },
  ],
  message: () => 'Being made. It appears under List exports when it is ready, and can be downloaded once.',
  shown: (output) => ({ output }),
});

export const downloadListExportAction: CommandAction = commandAction(downloadListExport, {
  name: 'downloadExport',
  label: 'Download',
  effect: 'Once: the file is destroyed afterwards',
  placement: ['resource'],
  group: 'everyday',
  message: () => 'Downloaded.',
  file: (output, deps) => {
    const { exportId, fileName, type, bytes } = openedExport(output);
    return new FileAnswer({ name: fileName, type, bytes, body: readListExport(deps, exportId) });
  },
});

function openedExport(output: unknown): { exportId: string; fileName: string; type: string; bytes: number } {
  const [exportId, fileName, type, bytes] = ['exportId', 'fileName', 'type', 'bytes'].map((name): unknown =>
    typeof output === 'object' && output !== null ? Reflect.get(output, name) : undefined,
  );
  const isOpened = typeof exportId === 'string' && typeof fileName === 'string' && typeof type === 'string' && typeof bytes === 'number';
  if (!isOpened) throw new Error('no export was opened');
  return { exportId, fileName, type, bytes };
}
