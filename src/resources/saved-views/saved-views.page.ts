import { join } from 'node:path';
import { z } from 'zod';
import { definePage, type PageRequest } from '../../admin/index.ts';
import { arrangementOf, ownViews, viewsOf } from '../../admin/lists/views.queries.ts';
import { registryOf } from '../../admin/registry-of.ts';
import { grantFor } from '../../foundation/access/evaluate.ts';
import { isActive } from '../../foundation/access/grades.ts';
import { AppError } from '../../foundation/errors/app-error.ts';
import { savedViewActions } from './saved-view-actions.ts';

/**
 * Views of lists: with `?resource=` those above one list and how the person arranged it; without, all their own, to be renamed,
 * ordered, shared and deleted.
 */
export const savedViewsPage = definePage({
  id: 'saved-views',
  noun: 'saved_view',
  title: 'Saved views',
  icon: 'filter',
  navigationGroup: null,
  permission: 'saved_view.keep',
  component: join(import.meta.dirname, 'saved-views.component.tsx'),
  handler: shown,
  // Names that staff gave to their own filters, and numbers.
  recordsRead: null,
  actions: savedViewActions,
});

const query = z.strictObject({ resource: z.string().max(60).optional() });

async function shown({ staff, deps, query: given, now }: PageRequest): Promise<Readonly<Record<string, unknown>>> {
  const asked = query.safeParse(given);
  if (!asked.success) throw new AppError('unknown_filter');
  const { resource } = asked.data;
  const canShare = grantFor(staff, 'saved_view.share', { now }) !== null;
  const roles = canShare ? [...new Set(staff.grants.filter((grant) => isActive(grant, now)).map((grant) => grant.role))] : [];
  if (resource === undefined) {
    const { resources } = registryOf(deps);
    const views = await ownViews(deps, staff);
    return { roles, views: views.map((view) => ({ ...view, list: resources.get(view.resource)?.definition.title ?? view.resource })) };
  }
  return { roles, views: await viewsOf(deps, staff, resource), arrangement: await arrangementOf(deps, staff, resource) };
}
