import { z } from 'zod';
import { defineCommand } from '../../foundation/command/command.ts';
import { fail } from '../../foundation/errors/app-error.ts';
import { requireStaff } from './staff-actor.ts';
import { columnNames, listOf } from './view-query.ts';
import { sharedWith } from './views.queries.ts';

const input = z.strictObject({
  resource: z.string().max(60),
  /** Shown columns in their order; empty brings back the list's own. */
  columns: z.array(z.string().max(60)).max(40).optional(),
  /** The view the list opens with; null for none. */
  defaultViewId: z.uuid().nullable().optional(),
});

/**
 * Keeps how a person arranges a list: its columns, and the view it opens with.
 * @throws AppError 404 `not_found` for a list or view out of reach; 400 `unknown_filter` for a column the list does not show to them
 */
export const arrangeList = defineCommand<z.infer<typeof input>, { resource: string }>({
  name: 'arrange-list',
  resource: 'saved_view',
  access: 'saved_view.keep',
  input,
  async run(scope, { resource: resourceId, columns, defaultViewId }) {
    const staff = requireStaff(scope);
    const resource = listOf(scope.deps, staff, resourceId);
    const known = columnNames(scope.deps, staff, resource);
    if (columns?.some((name) => !known.includes(name))) fail('unknown_filter');
    if (defaultViewId) {
      const reachable = { id: defaultViewId, resource: resourceId, OR: [{ ownerUserId: staff.id }, sharedWith(staff, scope.now)] };
      if ((await scope.tx.savedView.count({ where: reachable })) === 0) fail('not_found');
      scope.touched(defaultViewId);
    }
    const change = { ...(columns ? { columns } : {}), ...(defaultViewId === undefined ? {} : { defaultViewId }) };
    const key = { userId: staff.id, resource: resourceId };
    await scope.tx.listPreference.upsert({ where: { userId_resource: key }, create: { ...key, ...change }, update: change });
    return { resource: resourceId };
  },
});
