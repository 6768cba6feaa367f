import { z } from 'zod';
import { defineCommand } from '../../foundation/command/command.ts';
import { fail, validationError } from '../../foundation/errors/app-error.ts';
import { addSeconds } from '../../foundation/runtime/clock.ts';
import { newId } from '../../foundation/runtime/new-id.ts';
import { aboutWhom, longestNote, noteBox, noteSubject } from './note-subject.ts';

const input = z.strictObject({
  subjectType: noteSubject.default('user'),
  /** The person or store; the default form of the back office calls it `id`. */
  id: z.uuid(),
  body: z.string(),
  /** Staff to tell. */
  mentions: z.array(z.uuid()).max(20).default([]),
});
type Input = z.infer<typeof input>;
type Loaded = Awaited<ReturnType<typeof aboutWhom>>;

/** A note may be corrected for 15 minutes. */
export const editableSeconds = 900;

/**
 * A note of staff about a person or store, encrypted under that person's key. The audit keeps its id and length, never its text.
 * @throws AppError 404 `not_found`, 422 `required`, `too_long`
 */
export const addNote = defineCommand<Input, { noteId: string; lockedAt: Date }, undefined, Loaded>({
  name: 'add-note',
  resource: 'note',
  access: 'note.write',
  input,
  isIdempotent: true,
  load: (scope, { subjectType, id }) => aboutWhom(scope.deps, scope.tx, { subjectType, subjectId: id }),
  subject: ({ userId }) => ({ userId }),
  async preview(_scope, { mentions }) {
    return ['Staff only; the customer never sees it.', ...(mentions.length > 0 ? [`Tells ${mentions.length} colleagues.`] : [])];
  },
  async run(scope, { subjectType, id, body, mentions }, { box }) {
    if (scope.actor.kind !== 'staff') return fail('forbidden');
    const text = readNote(body);
    const noteId = newId();
    const lockedAt = addSeconds(scope.now, editableSeconds);
    await scope.tx.note.createMany({
      data: {
        id: noteId,
        createdAt: scope.now,
        subjectType,
        subjectId: id,
        bodyEnc: new Uint8Array(box.seal(noteBox(noteId), text)),
        authorId: scope.actor.id,
        mentions,
        lockedAt,
      },
    });
    scope.touched(noteId, id);
    scope.note(`note of ${[...text].length} characters`);
    if (mentions.length > 0) scope.emit({ name: 'support.note.mentioned', aggregateId: noteId, payload: { noteId, userIds: mentions } });
    return { noteId, lockedAt };
  },
});

/** Trimmed NFC. @throws AppError 422 `required`, `too_long` at path `body` */
export function readNote(body: string): string {
  const text = body.normalize('NFC').trim();
  if (text === '') throw validationError([{ path: 'body', code: 'required' }]);
  if ([...text].length > longestNote) throw validationError([{ path: 'body', code: 'too_long' }]);
  return text;
}
