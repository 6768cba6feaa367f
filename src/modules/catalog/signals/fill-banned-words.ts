import { z } from 'zod';
import { type CommandDeps, defineCommand } from '../../../foundation/command/command.ts';
import { runCommand } from '../../../foundation/command/run-command.ts';
import { bundledWords } from './bundled-words.ts';

const addBundledWords = defineCommand<object, { added: number }>({
  name: 'add-bundled-words',
  resource: 'banned_word',
  access: 'system',
  input: z.strictObject({}),
  isIdempotent: false,
  async run(scope) {
    const { count } = await scope.tx.bannedWord.createMany({
      data: bundledWords.map((word) => ({ ...word, createdAt: scope.now })),
      skipDuplicates: true,
    });
    scope.note(`${count} words added`);
    return { added: count };
  },
});

/** Every word of the bundled list is known from the first start on; on a filled table this is one look. Run it in a context of the system. */
export async function fillBannedWords(deps: CommandDeps): Promise<void> {
  const words = bundledWords.map(({ word }) => word);
  const known = await deps.database.prisma.bannedWord.count({ where: { word: { in: words } } });
  if (known < words.length) await runCommand(deps, addBundledWords, { input: {} });
}
