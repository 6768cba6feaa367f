import type { PrivacyExport, PrivacyRequest } from '@prisma/client';
import type { CommandDeps } from '../../../foundation/command/command.ts';
import { fail } from '../../../foundation/errors/app-error.ts';
import { uuidPattern } from '../../../foundation/runtime/new-id.ts';

/** An export as its owner sees it (auth-api.md 2.6). */
export type ExportView = {
  exportId: string;
  status: 'pending' | 'ready' | 'downloaded' | 'expired' | 'failed';
  createdAt: Date;
  /** Null until there is a file. */
  expiresAt: Date | null;
};

export type ExportRow = PrivacyRequest & { export: PrivacyExport | null };

/** The clock decides, not the job that destroys the file afterwards. */
export function exportStatus(row: ExportRow, now: Date): ExportView['status'] {
  if (row.status === 'refused' || row.status === 'withdrawn') return 'failed';
  if (row.downloadAt !== null) return 'downloaded';
  if (row.status !== 'completed') return 'pending';
  return row.export !== null && row.export.box !== null && row.export.expiresAt > now ? 'ready' : 'expired';
}

/** @throws AppError 404 `not_found`, also for another person's */
export async function readExport(deps: Pick<CommandDeps, 'database' | 'clock'>, userId: string, exportId: string): Promise<ExportView> {
  if (!uuidPattern.test(exportId)) fail('not_found');
  const row = await deps.database.prisma.privacyRequest.findFirst({
    where: { id: exportId, subjectUserId: userId, kind: 'export' },
    include: { export: true },
  });
  if (!row) return fail('not_found');
  return {
    exportId: row.id,
    status: exportStatus(row, deps.clock.now()),
    createdAt: row.createdAt,
    expiresAt: row.export?.expiresAt ?? null,
  };
}
