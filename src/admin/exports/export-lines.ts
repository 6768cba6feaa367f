import { csvLine } from '../../foundation/runtime/csv.ts';
import type { ColumnDefinition } from '../define-resource.ts';
import type { RecordJson } from '../serialise-record.ts';
import type { ExportFormat } from './export-query.ts';

export type ExportColumn = readonly [name: string, definition: ColumnDefinition];

type LineWriter = { heading: string; line(record: RecordJson): string };

/**
 * Lines of a file in its format. Each ends with the mark of the export, so that a cut piece of it still tells whose it was. A record
 * has been cut down to what its reader may see: masked values stay masked here.
 */
export function lineWriter(format: ExportFormat, columns: readonly ExportColumn[], mark: string): LineWriter {
  if (format === 'jsonl') {
    return {
      heading: '',
      line: (record) => `${JSON.stringify({ id: record.id, ...objectOf(columns, record), _export: mark })}\n`,
    };
  }
  return {
    heading: csvLine(['Id', ...columns.map(([, column]) => column.label), 'Export']),
    line: (record) => csvLine([record.id, ...columns.map(([name, column]) => textOf(name, column, record)), mark]),
  };
}

function objectOf(columns: readonly ExportColumn[], record: RecordJson): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    columns.map(([name]) => {
      const title = record.populated[name];
      return [name, title ? { id: title.id, title: title.title } : record.params[name]];
    }),
  );
}

/** As the list shows it: words for states, titles for references, times in ISO 8601. */
function textOf(name: string, column: ColumnDefinition, record: RecordJson): string {
  const value = record.params[name];
  if (value === null || value === undefined) return '';
  const title = record.populated[name]?.title;
  if (title !== undefined) return title;
  if (typeof value === 'boolean') return value ? 'Yes' : 'No';
  if (typeof value === 'object') return JSON.stringify(value);
  return column.states?.[String(value)]?.label ?? String(value);
}
