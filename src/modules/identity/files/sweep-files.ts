import { z } from 'zod';
import { type CommandDeps, defineCommand } from '../../../foundation/command/command.ts';
import { runCommand } from '../../../foundation/command/run-command.ts';
import { addSeconds } from '../../../foundation/runtime/clock.ts';
import { deletePrivateFile } from './delete-private-file.ts';
import { storageOf } from './storage-of.ts';

const day = 24 * 3600;
/** A file that was handed in and is for nothing. */
const unusedSeconds = 7 * day;
/** The row of a deleted file; the history tells of it longer. */
const tombstoneSeconds = 30 * day;
const atOnce = 100;

const input = z.object({});
type Swept = { unused: number; forgotten: number };

/** Deletes what was handed in a week ago and never used, and forgets what was deleted a month ago. Repeating it finds nothing more. */
export const sweepFileRows = defineCommand<z.infer<typeof input>, Swept>({
  name: 'sweep-files',
  resource: 'private_file',
  access: 'system',
  input,
  isIdempotent: false,
  async run(scope) {
    const { tx, now, note } = scope;
    const unused = await tx.privateFile.findMany({
      where: { purpose: 'upload', deletedAt: null, createdAt: { lt: addSeconds(now, -unusedSeconds) } },
      select: { id: true },
      orderBy: { createdAt: 'asc' },
      take: atOnce,
    });
    for (const { id } of unused) await deletePrivateFile(scope, id);
    const forgotten = await tx.privateFile.deleteMany({ where: { deletedAt: { lt: addSeconds(now, -tombstoneSeconds) } } });
    note(`${unused.length} unused, ${forgotten.count} forgotten`);
    return { unused: unused.length, forgotten: forgotten.count };
  },
});

/**
 * Removes the bytes of every file that has to go: deleted ones, and those whose transaction never came. Bytes first, then the note of
 * them: what dies in between is done again, harmlessly. A store that does not answer fails the job, which is repeated.
 * @returns how many were removed
 */
export async function removeDueBytes(deps: CommandDeps): Promise<number> {
  const { prisma } = deps.database;
  const storage = storageOf(deps.config);
  let removed = 0;
  for (;;) {
    const due = await prisma.fileRemoval.findMany({ where: { dueAt: { lte: deps.clock.now() } }, orderBy: { dueAt: 'asc' }, take: atOnce });
    if (due.length === 0) return removed;
    for (const { storageKey } of due) {
      // Never expected: a file that is kept has no such row. Its bytes are worth more than the note.
      const isKept = (await prisma.privateFile.count({ where: { storageKey, deletedAt: null } })) > 0;
      if (!isKept) await storage.remove(storageKey);
      await prisma.fileRemoval.deleteMany({ where: { storageKey } });
      removed += 1;
    }
  }
}

/** Both, for the job. */
export async function sweepFiles(deps: CommandDeps): Promise<void> {
  await runCommand(deps, sweepFileRows, { input: {} });
  await removeDueBytes(deps);
}
