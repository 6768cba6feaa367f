import type { CommandScope } from '../../../foundation/command/command.ts';
import type { FileMime } from './file-kind.ts';
import type { FilePurpose } from './private-file.ts';

export type ClaimedFile = {
  fileId: string;
  /** The only person whose file it may be. */
  ownerUserId: string;
  purpose: Exclude<FilePurpose, 'upload' | 'export'>;
  allow: readonly FileMime[];
};

/**
 * Makes a file that its owner handed in the file of one purpose: one conditional UPDATE, so that of two purposes one gets it. A file
 * that has the purpose already stays as it is; whether something else names it is for the caller to know.
 * @returns `unknown` for a file that is not there, deleted or somebody else's, all of which look the same; `type` where the purpose
 *   does not take its type; `taken` where it serves another purpose
 */
export async function claimFile(
  scope: CommandScope,
  { fileId, ownerUserId, purpose, allow }: ClaimedFile,
): Promise<'claimed' | 'unknown' | 'type' | 'taken'> {
  const file = await scope.tx.privateFile.findFirst({ where: { id: fileId, ownerUserId, deletedAt: null } });
  if (!file) return 'unknown';
  if (!allow.some((mime) => mime === file.mime)) return 'type';
  const { count } = await scope.tx.privateFile.updateMany({
    where: { id: fileId, ownerUserId, deletedAt: null, purpose: { in: ['upload', purpose] } },
    data: { purpose, version: { increment: 1 } },
  });
  return count === 1 ? 'claimed' : 'taken';
}
