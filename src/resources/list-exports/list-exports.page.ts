import { join } from 'node:path';
import { describeAction } from '../../admin/action-states.ts';
import { listExportsOf } from '../../admin/exports/list-export.queries.ts';
import { definePage, type PageRequest } from '../../admin/index.ts';
import { registryOf } from '../../admin/registry-of.ts';
import { AppError } from '../../foundation/errors/app-error.ts';
import { askListExportAction, downloadListExportAction } from './list-export-actions.ts';

/** Lists that one asked for as a file: progress, download once, SHA-256. Everybody sees their own only. */
export const listExportsPage = definePage({
  id: 'list-exports',
  noun: 'list_export',
  title: 'List exports',
  icon: 'archive',
  navigationGroup: 'Oversight',
  permission: 'list_export.download',
  component: join(import.meta.dirname, 'list-exports.component.tsx'),
  handler: listOwn,
  // Of the reader's own requests only: no record of anybody is in it.
  recordsRead: null,
  actions: [askListExportAction, downloadListExportAction],
});

async function listOwn({ staff, deps, query }: PageRequest): Promise<Readonly<Record<string, unknown>>> {
  const [unknown] = Object.keys(query);
  if (unknown !== undefined) throw new AppError('unknown_filter', { extra: { filter: unknown } });
  const { resources } = registryOf(deps);
  const entries = await listExportsOf(deps, staff.id);
  return {
    action: describeAction(askListExportAction, null),
    exports: entries.map((entry) => ({ ...entry, list: resources.get(entry.resource)?.definition.title ?? entry.resource })),
  };
}
