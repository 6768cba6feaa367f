import type { CommandScope } from '../../../foundation/command/command.ts';

/**
 * Deletes a file: from this transaction's commit on nobody can read it, and the worker removes its bytes within seconds.
 * @returns false where it was deleted already, or never was
 */
export async function deletePrivateFile(scope: CommandScope, fileId: string): Promise<boolean> {
  const [file] = await scope.tx.privateFile.updateManyAndReturn({
    where: { id: fileId, deletedAt: null },
    data: { deletedAt: scope.now, version: { increment: 1 } },
    select: { storageKey: true, ownerUserId: true },
  });
  if (!file) return false;
  await scope.tx.fileRemoval.createMany({ data: { storageKey: file.storageKey, dueAt: scope.now }, skipDuplicates: true });
  scope.touched(fileId);
  scope.emit({ name: 'identity.file.deleted', aggregateId: fileId, payload: { fileId, userId: file.ownerUserId } });
  return true;
}

/** Every file of a person, rows and all, for their erasure; `identity.user.erased` makes the worker remove the bytes. Returns how many. */
export async function forgetFilesOf({ tx, now }: CommandScope, ownerUserId: string): Promise<{ count: number }> {
  const files = await tx.privateFile.findMany({ where: { ownerUserId }, select: { storageKey: true } });
  await tx.fileRemoval.createMany({ data: files.map(({ storageKey }) => ({ storageKey, dueAt: now })), skipDuplicates: true });
  return tx.privateFile.deleteMany({ where: { ownerUserId } });
}
