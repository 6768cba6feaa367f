import { addNote } from './add-note.ts';
import { editNote } from './edit-note.ts';
import { listNotes } from './note.queries.ts';

export const commands = { addNote, editNote };
export const queries = { listNotes };

export { forgetNotesAbout } from './forget-notes.ts';
export type { NoteItem } from './note.queries.ts';
export type { NoteSubject } from './note-subject.ts';
