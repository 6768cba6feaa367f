import { z } from 'zod';
import type { CommandDeps } from '../../foundation/command/command.ts';
import { fail } from '../../foundation/errors/app-error.ts';
import type { Tx } from '../../foundation/runtime/database.ts';
import { type PersonBox, personBox, userOfVendor } from '../identity/index.ts';

/** What a note can be about so far; other subjects come with their modules. */
export const noteSubject = z.enum(['user', 'vendor']);
export type NoteSubject = z.infer<typeof noteSubject>;

/** Code points of a note at most. */
export const longestNote = 4000;

/** Where the box of a note belongs, under the data key of the person it is about. */
export const noteBox = (noteId: string) => `note.body_enc:${noteId}`;

/** The person a note is about, with the means to write it. @throws AppError 404 `not_found`, also after erasure */
export async function aboutWhom(
  deps: Pick<CommandDeps, 'keyring'>,
  reader: Pick<Tx, 'userKey' | 'vendor'>,
  subject: { subjectType: NoteSubject; subjectId: string },
): Promise<{ userId: string; box: PersonBox }> {
  const userId = subject.subjectType === 'user' ? subject.subjectId : await userOfVendor(reader, subject.subjectId);
  const box = userId ? await personBox(deps, reader, userId) : null;
  return userId && box ? { userId, box } : fail('not_found');
}
