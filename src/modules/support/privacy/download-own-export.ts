import { z } from 'zod';
import { defineCommand } from '../../../foundation/command/command.ts';
import { fail } from '../../../foundation/errors/app-error.ts';
import { lockOwnAccount, requireFresh } from '../../identity/index.ts';
import { exportStatus } from './export.queries.ts';
import { openExportFile } from './export-file.ts';

const input = z.strictObject({ id: z.uuid() });

export type DownloadedExport = { fileName: string; text: string };

/**
 * Hands out the file of an own export, once and within its day. The person is locked, so of n parallel calls one gets it; the box is
 * destroyed in the same transaction.
 * @throws AppError 403 `reauth_required`, 404 `not_found`, 409 `export_in_progress` before it is made, 410 `export_expired`
 */
export const downloadOwnExport = defineCommand<z.infer<typeof input>, DownloadedExport>({
  name: 'download-own-export',
  resource: 'privacy_request',
  access: 'owner',
  input,
  isIdempotent: false,
  async run(scope, { id }) {
    const { tx, now, deps } = scope;
    const account = await lockOwnAccount(scope);
    requireFresh(scope, account, deps.config.reauthFreshSeconds);
    const row = await tx.privacyRequest.findFirst({ where: { id, subjectUserId: account.id, kind: 'export' }, include: { export: true } });
    if (!row) return fail('not_found');
    scope.touched(id, account.id);
    const status = exportStatus(row, now);
    if (status === 'pending') return { refused: 'export_in_progress' };
    const box = status === 'ready' ? row.export?.box : null;
    const text = box ? await openExportFile(scope, { requestId: id, userId: account.id, box }) : null;
    if (text === null) return { refused: 'export_expired' };
    await tx.privacyRequest.updateMany({ where: { id }, data: { downloadAt: now, version: { increment: 1 } } });
    await tx.privacyExport.updateMany({ where: { requestId: id }, data: { box: null } });
    return { fileName: `fashionistar-data-${row.createdAt.toISOString().slice(0, 10)}.json`, text };
  },
});
