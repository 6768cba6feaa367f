import type { Note } from '@prisma/client';
import { z } from 'zod';
import { defineCommand } from '../../foundation/command/command.ts';
import { fail } from '../../foundation/errors/app-error.ts';
import { actorIdOf } from '../../foundation/runtime/actor.ts';
import { readNote } from './add-note.ts';
import { aboutWhom, noteBox, noteSubject } from './note-subject.ts';

/** `id` is the note's. */
const input = z.strictObject({ id: z.uuid(), body: z.string() });
type Input = z.infer<typeof input>;
type Loaded = { note: Note; isOwn: boolean };

/**
 * Corrects an own note within 15 minutes of writing it.
 * @throws AppError 403 `forbidden` for another's note, 404 `not_found`, 409 `note_fixed`, `version_conflict`, 422 `required`, `too_long`
 */
export const editNote = defineCommand<Input, { version: number }, undefined, Loaded>({
  name: 'edit-note',
  resource: 'note',
  access: 'note.edit_own',
  input,
  async load(scope, { id }) {
    const note = (await scope.tx.note.findUnique({ where: { id, deletedAt: null } })) ?? fail('not_found');
    return { note, isOwn: note.authorId === actorIdOf(scope.actor) };
  },
  subject: ({ isOwn }) => ({ isOwn }),
  version: ({ note }) => note.version,
  async run(scope, { id, body }, { note }) {
    if (note.lockedAt <= scope.now) return { refused: 'note_fixed' };
    const subjectType = noteSubject.safeParse(note.subjectType);
    if (!subjectType.success) return { refused: 'not_found' };
    const text = readNote(body);
    const { box } = await aboutWhom(scope.deps, scope.tx, { subjectType: subjectType.data, subjectId: note.subjectId });
    const { count } = await scope.tx.note.updateMany({
      where: { id, version: note.version, lockedAt: { gt: scope.now } },
      data: { bodyEnc: new Uint8Array(box.seal(noteBox(id), text)), version: { increment: 1 } },
    });
    if (count === 0) return { refused: 'version_conflict' };
    scope.touched(id, note.subjectId);
    scope.note(`note of ${[...text].length} characters`);
    return { version: note.version + 1 };
  },
});
