import { z } from 'zod';
import { type CommandDeps, defineCommand } from '../../../foundation/command/command.ts';
import { runCommand } from '../../../foundation/command/run-command.ts';
import { bundledCategories } from './bundled-categories.ts';

/**
 * Adds the bundled categories that are missing; those that exist stay as staff made them. Repeating it changes nothing, and of two that
 * run together the second finds nothing left to do.
 */
const addBundledCategories = defineCommand<object, { added: number }>({
  name: 'add-bundled-categories',
  resource: 'category',
  access: 'system',
  input: z.strictObject({}),
  isIdempotent: false,
  async run(scope) {
    const { count } = await scope.tx.category.createMany({
      data: bundledCategories.map((category) => ({ ...category, createdAt: scope.now })),
      skipDuplicates: true,
    });
    scope.note(`${count} categories added`);
    return { added: count };
  },
});

/**
 * Every category of the bundled list exists from the first start on, in production too: without one no product could be handed in. On a
 * filled table this is one look. Run it in a context of the system.
 */
export async function fillCategories(deps: CommandDeps): Promise<void> {
  const codes = bundledCategories.map(({ code }) => code);
  const known = await deps.database.prisma.category.count({ where: { code: { in: codes } } });
  if (known < codes.length) await runCommand(deps, addBundledCategories, { input: {} });
}
