import type { CommandDeps } from '../../foundation/command/command.ts';
import { addSeconds } from '../../foundation/runtime/clock.ts';
import { destroyFiles } from './download-list-export.ts';

/** More than the longest download takes. */
const downloadSeconds = 3600;
/** Longer than every attempt at making one. */
const stuckSeconds = 6 * 3600;

/**
 * Ends exports that nobody fetched in their time, and those whose worker died for good; destroys the files and keys of all that
 * ended. Repeating is harmless: what is destroyed is not there to be destroyed again.
 */
export async function forgetListExports({ database, clock }: CommandDeps): Promise<void> {
  const { prisma } = database;
  const now = clock.now();
  await prisma.listExport.updateMany({ where: { status: 'ready', expiresAt: { lte: now } }, data: { status: 'expired' } });
  await prisma.listExport.updateMany({
    where: { status: { in: ['waiting', 'running'] }, createdAt: { lt: addSeconds(now, -stuckSeconds) } },
    data: { status: 'failed', errorCode: 'internal_error', finishedAt: now },
  });
  const over = await prisma.listExport.findMany({
    where: {
      wrappedKey: { not: null },
      OR: [{ status: { in: ['expired', 'failed'] } }, { status: 'fetched', fetchedAt: { lt: addSeconds(now, -downloadSeconds) } }],
    },
    select: { id: true },
  });
  await destroyFiles(
    prisma,
    over.map((row) => row.id),
  );
}

/** Ends every list export whose file may hold something about a person who is being erased; an owner's part of an erasure. */
export async function forgetListExportFiles(deps: CommandDeps): Promise<{ rows: Record<string, number>; records: string[] }> {
  const { prisma } = deps.database;
  const open = { status: { in: ['running', 'ready', 'fetched'] }, wrappedKey: { not: null } };
  const ended = await prisma.listExport.findMany({ where: open, select: { id: true } });
  const ids = ended.map((row) => row.id);
  await prisma.listExport.updateMany({ where: { id: { in: ids }, status: { in: ['running', 'ready'] } }, data: { status: 'expired' } });
  await destroyFiles(prisma, ids);
  return { rows: { 'platform.list_export': ids.length }, records: [] };
}
