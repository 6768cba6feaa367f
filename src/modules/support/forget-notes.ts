import { z } from 'zod';
import type { CommandDeps } from '../../foundation/command/command.ts';
import { defineCommand } from '../../foundation/command/command.ts';
import { runCommand } from '../../foundation/command/run-command.ts';
import { vendorOfUser } from '../identity/index.ts';

const input = z.strictObject({ userId: z.uuid(), vendorId: z.uuid().nullable() });

type Forgotten = { rows: Record<string, number>; records: string[] };

/**
 * Deletes the notes about an erased person or their store. They are encrypted under the person's key, which is gone: nobody could
 * read them any more. Repeating it finds nothing more.
 */
export const forgetNotes = defineCommand<z.infer<typeof input>, Forgotten>({
  name: 'forget-notes',
  resource: 'note',
  access: 'system',
  input,
  isIdempotent: false,
  async run({ tx, note }, { userId, vendorId }) {
    const about = { OR: [{ subjectUserId: userId }, { subjectId: { in: vendorId ? [userId, vendorId] : [userId] } }] };
    const notes = await tx.note.findMany({ where: about, select: { id: true } });
    const { count } = await tx.note.deleteMany({ where: { id: { in: notes.map(({ id }) => id) } } });
    note(`${count} notes about an erased person`);
    return { rows: { 'support.note': count }, records: notes.map(({ id }) => `support.note:${id}`) };
  },
});

/** The same for the erasing job. */
export async function forgetNotesAbout(deps: CommandDeps, { userId }: { userId: string }): Promise<Forgotten> {
  const vendorId = await vendorOfUser(deps.database.prisma, userId);
  return (await runCommand(deps, forgetNotes, { input: { userId, vendorId } })).output;
}
