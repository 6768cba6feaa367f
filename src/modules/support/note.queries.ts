import type { CommandDeps } from '../../foundation/command/command.ts';
import { aboutWhom, type NoteSubject, noteBox } from './note-subject.ts';

export type NoteItem = {
  id: string;
  authorId: string;
  body: string;
  mentions: readonly string[];
  createdAt: Date;
  /** Null once it can no longer be corrected. */
  editableUntil: Date | null;
  version: number;
};

/**
 * Notes about a person or store in clear, newest first, at most 100. The caller asks `note.list` and records the read.
 * @throws AppError 404 `not_found` when there are notes about somebody whose data key is gone
 */
export async function listNotes(
  deps: Pick<CommandDeps, 'database' | 'keyring' | 'clock'>,
  subject: { subjectType: NoteSubject; subjectId: string },
  limit = 50,
): Promise<NoteItem[]> {
  const { prisma } = deps.database;
  const now = deps.clock.now();
  const rows = await prisma.note.findMany({
    where: { subjectType: subject.subjectType, subjectId: subject.subjectId, deletedAt: null },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: Math.min(Math.max(1, limit), 100),
  });
  if (rows.length === 0) return [];
  const { box } = await aboutWhom(deps, prisma, subject);
  return rows.map(({ id, authorId, bodyEnc, mentions, createdAt, lockedAt, version }) => ({
    id,
    authorId,
    body: box.open(noteBox(id), bodyEnc),
    mentions,
    createdAt,
    editableUntil: lockedAt > now ? lockedAt : null,
    version,
  }));
}
