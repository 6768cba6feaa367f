import { z } from 'zod';
import { type CommandScope, defineCommand } from '../../foundation/command/command.ts';
import { fail } from '../../foundation/errors/app-error.ts';
import { ownView } from './own-view.ts';
import { requireStaff } from './staff-actor.ts';
import { checkView, listOf, type ViewQuery, viewQuery } from './view-query.ts';

export const viewName = z
  .string()
  .trim()
  .min(1)
  .max(60)
  // What would be invisible, or turn the direction of what follows.
  .refine((text) => !/\p{C}/u.test(text));

const input = z.strictObject({
  /** An own view to be replaced by what the list shows now. */
  id: z.uuid().optional(),
  resource: z.string().max(60),
  name: viewName,
  query: viewQuery,
});
type Input = z.infer<typeof input>;

/** More in one list would be a list of their own. */
const maxViews = 30;

/**
 * Keeps what a list shows as a view of one's own: filters, order, columns and density.
 * @throws AppError 404 `not_found` for a list or view of nobody's or somebody else's; 409 `view_name_taken`, `view_limit`;
 * 422 `view_names_person`; what the list's own parser refuses
 */
export const keepView = defineCommand<Input, { viewId: string }>({
  name: 'keep-view',
  resource: 'saved_view',
  access: 'saved_view.keep',
  input,
  async run(scope, { id, resource: resourceId, name, query }) {
    const staff = requireStaff(scope);
    const resource = listOf(scope.deps, staff, resourceId);
    checkView(scope.deps, staff, { resource, query });
    const viewId = id === undefined ? await addView(scope, { resourceId, name, query }) : await replaceView(scope, { id, name, query });
    scope.touched(viewId);
    return { viewId };
  },
});

async function addView(scope: CommandScope, view: { resourceId: string; name: string; query: ViewQuery }): Promise<string> {
  const { tx } = scope;
  const ownerUserId = requireStaff(scope).id;
  const own = await tx.savedView.findMany({ where: { ownerUserId, resource: view.resourceId }, select: { name: true, position: true } });
  if (own.length >= maxViews) fail('view_limit', { params: { max: maxViews } });
  const position = Math.max(0, ...own.map((other) => other.position)) + 1;
  // The unique name closes the race of two tabs that keep one at the same time.
  const data = { ownerUserId, resource: view.resourceId, name: view.name, query: view.query, position };
  const [made] = await tx.savedView.createManyAndReturn({ data: [data], skipDuplicates: true, select: { id: true } });
  return made?.id ?? fail('view_name_taken');
}

async function replaceView(scope: CommandScope, { id, name, query }: { id: string; name: string; query: ViewQuery }): Promise<string> {
  const view = await ownView(scope, id);
  await refuseTakenName(scope, { ...view, name });
  await scope.tx.savedView.updateMany({ where: { id: view.id }, data: { name, query, version: { increment: 1 } } });
  return view.id;
}

/** @throws AppError 409 `view_name_taken` where another own view of the list is called so */
export async function refuseTakenName(
  { tx }: CommandScope,
  { id, ownerUserId, resource, name }: { id: string; ownerUserId: string; resource: string; name: string },
): Promise<void> {
  const taken = await tx.savedView.count({ where: { ownerUserId, resource, name, id: { not: id } } });
  if (taken > 0) fail('view_name_taken');
}
