import { join } from 'node:path';
import { definePage, type PageRequest } from '../../admin/index.ts';
import { type ExportEntry, listExports } from '../../audit/index.ts';
import { AppError } from '../../foundation/errors/app-error.ts';
import { askExportAction, fetchExportAction } from './export-actions.ts';

/**
 * Exports of the history that one asked for: progress, download once, SHA-256. Everybody sees their own only; what others exported
 * is in the audit itself.
 */
export const auditExportsPage = definePage({
  id: 'audit-exports',
  noun: 'audit_export',
  title: 'Audit exports',
  icon: 'archive',
  navigationGroup: null,
  permission: 'audit.export',
  component: join(import.meta.dirname, 'audit-exports.component.tsx'),
  handler: listOwn,
  // Of the reader's own requests only: no record of anybody is in it.
  recordsRead: null,
  actions: [askExportAction, fetchExportAction],
});

async function listOwn({ staff, deps, query }: PageRequest): Promise<Readonly<Record<string, unknown>>> {
  const [unknown] = Object.keys(query);
  if (unknown !== undefined) throw new AppError('unknown_filter', { extra: { filter: unknown } });
  const entries = await listExports(deps, staff.id);
  return { exports: entries.map(entryJson) };
}

function entryJson(entry: ExportEntry): object {
  const { askedAt, expiresAt, fetchedAt, filter, ...rest } = entry;
  return {
    ...rest,
    askedAt: askedAt.toISOString(),
    finishedAt: entry.finishedAt?.toISOString() ?? null,
    expiresAt: expiresAt?.toISOString() ?? null,
    fetchedAt: fetchedAt?.toISOString() ?? null,
    filter: Object.fromEntries(Object.entries(filter).map(([name, value]) => [name, String(value)])),
  };
}
