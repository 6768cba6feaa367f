import type { Category } from '@prisma/client';
import { z } from 'zod';
import { type CommandScope, defineCommand } from '../../../foundation/command/command.ts';
import { fail } from '../../../foundation/errors/app-error.ts';
import { someText } from '../products/product-text.ts';
import { writeMedians } from './refresh-medians.ts';

type Output = { id: string; name: string; isUnchanged: boolean };

async function lockCategory({ tx }: CommandScope, { id }: { id: string }): Promise<Category> {
  await tx.$queryRaw`SELECT 1 AS locked FROM catalog.category WHERE id = ${id}::uuid FOR UPDATE`;
  return (await tx.category.findUnique({ where: { id } })) ?? fail('not_found');
}

const onCategory = {
  resource: 'category',
  access: 'category.edit',
  isIdempotent: true,
  load: lockCategory,
  version: ({ version }: Category) => version,
} as const;

const renaming = z.strictObject({ id: z.uuid(), name: someText({ longest: 120 }) });

/** Renames a category; its code, which products and links carry, stays. @throws AppError 404 `not_found`, 409 `version_conflict`, 422 */
export const editCategory = defineCommand<z.infer<typeof renaming>, Output, undefined, Category>({
  ...onCategory,
  name: 'edit-category',
  input: renaming,
  conflict: ({ name }) => ({ current: { name } }),
  async run(scope, { name }, category) {
    scope.touched(category.id);
    if (name === category.name) return { id: category.id, name, isUnchanged: true };
    await scope.tx.category.update({ where: { id: category.id }, data: { name, version: { increment: 1 } } });
    return { id: category.id, name, isUnchanged: false };
  },
});

const switching = z.strictObject({ id: z.uuid(), isActive: z.boolean() });

/** Opens a category for products that are handed in, or closes it; what is live in it stays. @throws AppError 404, 409 `version_conflict` */
export const setCategoryActive = defineCommand<z.infer<typeof switching>, Output, undefined, Category>({
  ...onCategory,
  name: 'set-category-active',
  input: switching,
  preview: async (_scope, { isActive }, { name }) =>
    isActive
      ? [`Vendors may choose ${name} from now on.`]
      : [`Nothing new can be handed in under ${name}.`, 'Products that are live in it stay.'],
  async run(scope, { isActive }, category) {
    scope.touched(category.id);
    const { id, name } = category;
    if (isActive === category.isActive) return { id, name, isUnchanged: true };
    await scope.tx.category.update({ where: { id }, data: { isActive, version: { increment: 1 } } });
    return { id, name, isUnchanged: false };
  },
});

/** Computes the medians now instead of within the hour. Repeating it changes nothing. */
export const refreshMediansByStaff = defineCommand<object, { changed: number }>({
  name: 'refresh-category-medians',
  resource: 'category',
  access: 'category.refresh',
  input: z.strictObject({}),
  isIdempotent: true,
  preview: async () => ['Medians follow the prices of what is live now.'],
  run: async (scope) => ({ changed: await writeMedians(scope) }),
});
