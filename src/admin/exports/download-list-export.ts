import { z } from 'zod';
import { type CommandDeps, defineCommand } from '../../foundation/command/command.ts';
import { openParts } from '../../foundation/crypto/sealed-parts.ts';
import { fail } from '../../foundation/errors/app-error.ts';
import { requireStaff } from '../lists/staff-actor.ts';
import { partPlace } from './make-list-export.ts';

const input = z.strictObject({ id: z.uuid() });

type OpenedExport = { exportId: string; fileName: string; type: string; bytes: number };

/**
 * Opens the file of an export for whoever asked for it, once and before it expires: of two calls at the same time one gets it.
 * Recorded before a byte leaves, with the hash of what leaves. Reason and fresh factor were given when it was asked for.
 * @throws AppError 404 `not_found` for an export of somebody else; 410 `export_expired` once it was fetched, ended or failed
 */
export const downloadListExport = defineCommand<z.infer<typeof input>, OpenedExport>({
  name: 'download-list-export',
  resource: 'list_export',
  access: 'list_export.download',
  input,
  isIdempotent: false,
  async run(scope, { id }) {
    const { tx, now } = scope;
    const actorId = requireStaff(scope).id;
    const known = await tx.listExport.findFirst({ where: { id, actorId } });
    if (!known) fail('not_found');
    const { count } = await tx.listExport.updateMany({
      where: { id, actorId, status: 'ready', expiresAt: { gt: now } },
      data: { status: 'fetched', fetchedAt: now },
    });
    if (count === 0) return { refused: 'export_expired' };
    const bytes = known.bytes ?? 0;
    scope.touched(id);
    scope.note(
      `sha256 ${Buffer.from(known.sha256 ?? []).toString('hex')}; ${bytes} bytes; ${known.rowsDone} rows; export ${known.actionId}`,
    );
    const name = `${known.resource.toLowerCase()}-${known.createdAt.toISOString().slice(0, 10)}-${id.slice(-8)}`;
    const isCsv = known.format === 'csv';
    return {
      exportId: id,
      fileName: `${name}.${known.format}`,
      type: isCsv ? 'text/csv; charset=utf-8' : 'application/x-ndjson; charset=utf-8',
      bytes,
    };
  },
});

/** The file that was just opened, piece by piece; its pieces and their key are destroyed when the last one was given. */
export async function* readListExport({ database, keyring }: CommandDeps, exportId: string): AsyncGenerator<Buffer> {
  const { prisma } = database;
  const known = await prisma.listExport.findUnique({
    where: { id: exportId, status: 'fetched' },
    select: { wrappedKey: true, kekKid: true },
  });
  if (!known?.wrappedKey || !known.kekKid) throw new Error('The file of the export is gone');
  yield* openParts(partPlace(exportId, keyring.unwrapDataKey(known.wrappedKey, known.kekKid)), async (position) => {
    const part = await prisma.listExportPart.findUnique({ where: { exportId_position: { exportId, position } } });
    return part?.box ?? null;
  });
  await destroyFiles(prisma, [exportId]);
}

/** Pieces and keys of exports that are over. */
export async function destroyFiles(prisma: CommandDeps['database']['prisma'], ids: readonly string[]): Promise<void> {
  await prisma.listExportPart.deleteMany({ where: { exportId: { in: [...ids] } } });
  await prisma.listExport.updateMany({ where: { id: { in: [...ids] } }, data: { wrappedKey: null, queryBox: null } });
}
