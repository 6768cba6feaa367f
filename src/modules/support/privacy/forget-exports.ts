import { z } from 'zod';
import { type CommandDeps, defineCommand } from '../../../foundation/command/command.ts';
import { runCommand } from '../../../foundation/command/run-command.ts';

const input = z.strictObject({ userId: z.uuid().optional() });

/** Destroys the files of exports: those past their time, or all of one person. The requests stay, as proof of what was asked. */
export const forgetExports = defineCommand<z.infer<typeof input>, { count: number }>({
  name: 'forget-exports',
  resource: 'privacy_request',
  access: 'system',
  input,
  isIdempotent: false,
  async run({ tx, now, note }, { userId }) {
    const wanted = userId === undefined ? { expiresAt: { lte: now } } : { request: { subjectUserId: userId } };
    const { count } = await tx.privacyExport.updateMany({ where: { ...wanted, box: { not: null } }, data: { box: null } });
    note(`${count} files`);
    return { count };
  },
});

/** A person's files, for the erasing job. Repeating it finds nothing more. */
export async function forgetExportsOf(
  deps: CommandDeps,
  { userId }: { userId: string },
): Promise<{ rows: Record<string, number>; records: string[] }> {
  const { output } = await runCommand(deps, forgetExports, { input: { userId } });
  return { rows: { 'support.privacy_export': output.count }, records: [] };
}
